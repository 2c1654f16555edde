struct page_of_lamps {
	__u8 short count;
	u32 long oil[4];
};
