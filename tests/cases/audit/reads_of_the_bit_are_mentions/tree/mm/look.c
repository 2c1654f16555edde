/* PG_reserved is only talked about here. */
int looks(struct page *page)
{
	printk("PG_reserved\n");
	return test_bit(PG_reserved, &page->flags) || (page->flags & (1 << PG_reserved));
}
