static inline unsigned long kvirt_to_pa(unsigned long adr)
{
	unsigned long kva = (unsigned long) page_address(vmalloc_to_page((void *)adr));
	return __pa(kva);
}

int f(struct vm_area_struct *vma, unsigned long pos)
{
	unsigned long page;
	while (size > 0) {
		page = page_to_pfn(vmalloc_to_page((void *)pos));
		if (remap_pfn_range(vma, start, page, PAGE_SIZE, PAGE_SHARED))
			return -EAGAIN;
		pos += PAGE_SIZE;
	}
	return 0;
}
