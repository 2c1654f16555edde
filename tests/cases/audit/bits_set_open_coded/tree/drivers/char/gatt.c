/* One of each open-coded shape: on one line, over two lines, and by assignment. */
static int make_table(void)
{
	set_bit(PG_reserved, &virt_to_page(table)->flags);
	clear_bit(PG_reserved,
		  &virt_to_page(table)->flags);
	virt_to_page(table)->flags |= 1 << PG_reserved;
	virt_to_page(table)->flags &= ~(1 << PG_locked | 1 << PG_reserved);
	return 0;
}
