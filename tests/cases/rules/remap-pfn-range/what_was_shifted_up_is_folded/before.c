int f(struct vm_area_struct *vma)
{
	return remap_page_range(vma, vma->vm_start, vma->vm_pgoff << PAGE_SHIFT,
				vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
