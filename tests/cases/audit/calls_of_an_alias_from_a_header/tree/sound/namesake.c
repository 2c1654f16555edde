/* Has a function of that name of its own, and includes nothing. */
static void cs_mem_map_reserve(int x);
void f(void) { cs_mem_map_reserve(1); }
