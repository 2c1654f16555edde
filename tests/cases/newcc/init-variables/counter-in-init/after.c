static int __initdata lamps_found;
static unsigned long __initdata last_look = 0, first_look;
static char * __devinitdata names[4] = { 0 };

static int __init find_lamps(void)
{
	return lamps_found++;
}
