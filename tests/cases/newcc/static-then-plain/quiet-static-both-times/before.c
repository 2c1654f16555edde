static struct row rows[2];
static struct row more;
static struct row rows[] = {
	{ 1 },
};
int others = 1;
#ifdef A
static int either;
#else
int either = 1;
#endif
