int f(struct vm_area_struct *vma)
{
	if (remap_pfn_range(vma, vma->vm_start, virt_to_phys(db->rawbuf) >> PAGE_SHIFT, size, vma->vm_page_prot))
		return -EAGAIN;
	return remap_pfn_range(vma, vma->vm_start, (base + offset) >> PAGE_SHIFT, size, prot);
}
