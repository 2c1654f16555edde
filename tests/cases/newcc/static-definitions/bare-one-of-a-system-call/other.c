int errno;
int lamps;
