/*
int oil_left(int);
*/
void *lamp __P((int));
