static struct wait_queue *broken = { @@ ) };

static int fine(struct page *page)
{
	SOME_MACRO_WITHOUT_SEMICOLON(page)
	mem_map_reserve(page);
	return 0;
}
