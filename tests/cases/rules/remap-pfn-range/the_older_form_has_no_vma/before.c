int f(struct vm_area_struct *vma)
{
	return remap_page_range(vma->vm_start, __pa(x), size, prot);
}
