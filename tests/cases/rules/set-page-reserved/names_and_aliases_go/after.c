void f(struct page *page)
{
	SetPageReserved(page);
	SetPageReserved(page);
	ClearPageReserved (virt_to_page(page));
}
