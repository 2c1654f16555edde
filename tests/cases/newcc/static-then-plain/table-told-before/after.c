extern struct row rows[];
static int used, unused;
struct row rows[] = {
	{ 1 },
};
