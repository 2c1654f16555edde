static int __init lamps_found;
static unsigned long __init last_look = 0, first_look;
static char * __devinit names[4] = { 0 };

static int __init find_lamps(void)
{
	return lamps_found++;
}
