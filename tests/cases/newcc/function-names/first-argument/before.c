static void open_it(void)
{
	dbg(__FUNCTION__);
}
