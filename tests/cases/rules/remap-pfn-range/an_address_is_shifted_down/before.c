int f(struct vm_area_struct *vma)
{
	if (remap_page_range(vma, vma->vm_start, virt_to_phys(db->rawbuf), size, vma->vm_page_prot))
		return -EAGAIN;
	return remap_page_range(vma, vma->vm_start, base + offset, size, prot);
}
