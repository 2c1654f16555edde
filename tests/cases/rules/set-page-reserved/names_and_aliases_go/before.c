#define cs_mem_map_reserve(page) mem_map_reserve(page)
void f(struct page *page)
{
	mem_map_reserve(page);
	cs_mem_map_reserve(page);
	mem_map_unreserve (virt_to_page(page));
}
