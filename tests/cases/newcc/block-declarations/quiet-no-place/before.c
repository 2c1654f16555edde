#ifdef CONFIG_LAMP
static int trim(int oil)
{
	return oil;
}
#endif
static int burn(void)
{
	static void snuff(int);
	return 0;
}
static void snuff(int oil) { }
