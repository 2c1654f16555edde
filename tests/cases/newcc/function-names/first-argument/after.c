static void open_it(void)
{
	dbg("open_it");
}
