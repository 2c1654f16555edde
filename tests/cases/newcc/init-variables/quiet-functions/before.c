int __init find_lamps(char *names)
{
	static int found __initdata = 0;
	return found;
}
static int __init count_lamps(void);
static int lamps __initdata = 1;
