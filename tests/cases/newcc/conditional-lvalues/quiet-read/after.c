int get(int f, int *uid)
{
	(void) (f ? *uid : 0);
	x = (f ? *uid : 1) == 2;
	return (f ? *uid : 1);
}
