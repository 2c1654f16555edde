extern int proto(int a);

static int grab(page, count)
	struct page *page;
	int count;
{
	mem_map_reserve(page);
	return count;
}
