int f(struct vm_area_struct *vma)
{
	return remap_pfn_range(vma->vm_start, __pa(x) >> PAGE_SHIFT, size, prot);
}
