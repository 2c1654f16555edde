void my_mem_map_reserve(struct page *page);
int mem_map_reserved;
/* mem_map_reserve(page) */
