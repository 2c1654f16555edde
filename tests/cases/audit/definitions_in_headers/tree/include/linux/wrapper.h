#define PG_reserved	31
#define mem_map_reserve(p)	set_bit(PG_reserved, &((p)->flags))
#define mem_map_unreserve(p) \
	clear_bit(PG_reserved, &((p)->flags))
#define PageReserved(page)	test_bit(PG_reserved, &(page)->flags)
