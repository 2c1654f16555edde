static int first(void)
{
	return 0;
} static void finish(int cmd);

#ifdef MORE
static int more(void)
{
	return 1;
}
#endif

static int sense(void)
{
	;

	finish(1);
	return 0;
}

static void finish(int cmd)
{
}
