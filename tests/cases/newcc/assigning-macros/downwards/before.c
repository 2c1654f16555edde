#define TAKE(top, n)	top -= n

char *room(long top, int n)
{
	return (char *)TAKE(top, n);
}
