#if LINUX_VERSION_CODE < 0x020317
unsigned long my_nopage(struct vm_area_struct *vma,
			unsigned long address)
#else
struct page *my_nopage(struct vm_area_struct *vma,
		       unsigned long address)
#endif
{
	SetPageReserved(virt_to_page(address));
#ifdef ONE
	if (a) {
#else
	if (b) {
#endif
		ClearPageReserved(virt_to_page(address));
	}
	return 0;
}

static void after(void)
{
	ClearPageReserved(0);
}
