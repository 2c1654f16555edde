#include "wrapper.h"

static void alloc(struct page *map)
{
	cs_mem_map_reserve(map);
	cs_mem_map_unreserve(map);
}
