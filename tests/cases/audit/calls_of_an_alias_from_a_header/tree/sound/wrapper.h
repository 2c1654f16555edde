#define cs_mem_map_reserve(page) SetPageReserved(page)
#define cs_mem_map_unreserve(page) ClearPageReserved(page)
