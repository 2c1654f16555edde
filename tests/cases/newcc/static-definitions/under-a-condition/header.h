extern int baud(int);
