extern struct msg table[];
static struct msg one[2] = { f(a[1]) };
int g(int a[], struct msg m);
