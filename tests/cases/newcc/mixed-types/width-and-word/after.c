struct page_of_lamps {
	short count;
	long oil[4];
};
