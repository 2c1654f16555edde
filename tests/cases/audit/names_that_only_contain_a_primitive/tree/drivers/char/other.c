#define PageReserved2(p) 0
int my_mem_map_reserve_count;
int f(struct page *p) { return PageReserved(p) + unSetPageReserved(p); }
