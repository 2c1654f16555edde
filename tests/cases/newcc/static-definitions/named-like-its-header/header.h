extern int header;
