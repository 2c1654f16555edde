struct page_of_lamps {
	__u8 shortest;
	unsigned short count;
	u32 longest, log;
};
static __inline__ long oil(u32 x)
{
	return (long) x;
}
