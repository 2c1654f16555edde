/*
 * mm/memory.c of patchkit's miniature: how page tables get filled and
 * emptied, as far as reserved pages make a difference. No kernel.
 */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/errno.h>

#include <asm/pgtable.h>

/*
 * A page table gives up its page. A reserved page was never counted for the
 * table, so there is nothing to drop; any other loses a reference, whoever
 * took it. A driver whose pages lose their reservation while mapped, or
 * whose tail pages never had a count, has them freed under its feet.
 */
static int drop_pte(struct mm_struct *mm, pte_t pte)
{
	struct page *page;

	if (!pte_present(pte))
		return 0;
	page = pte_page(pte);
	if (!VALID_PAGE(page) || PageReserved(page))
		return 0;
	mm->rss--;
	put_page(page);
	return 1;
}

/* Empties size bytes of a page table from address on; returns what was freed. */
int zap_pte_range(struct mm_struct *mm, pmd_t *pmd, unsigned long address, unsigned long size)
{
	pte_t *pte;
	int freed = 0;

	if (pmd_none(*pmd))
		return 0;
	pte = pte_offset(pmd, address);
	for (size >>= PAGE_SHIFT; size; size--, pte++) {
		pte_t old = *pte;

		pte_clear(pte);
		freed += drop_pte(mm, old);
	}
	return freed;
}

/*
 * Fills a part of a page table with physical memory from phys on.
 *
 * Only what the VM will leave alone is mapped: addresses without a struct
 * page, and reserved pages. Any other page is skipped WITHOUT A WORD: its
 * entry stays empty, and the process reads zeros where the device wrote.
 */
static void remap_pte_range(pte_t *pte, unsigned long address, unsigned long size,
			    unsigned long phys, pgprot_t prot)
{
	unsigned long end;

	address &= ~PMD_MASK;
	end = address + size;
	if (end > PMD_SIZE)
		end = PMD_SIZE;
	while (address < end) {
		struct page *page = virt_to_page(__va(phys));

		pte_clear(pte);
		if (!VALID_PAGE(page) || PageReserved(page))
			set_pte(pte, mk_pte_phys(phys, prot));
		address += PAGE_SIZE;
		phys += PAGE_SIZE;
		pte++;
	}
}

static int remap_pmd_range(pmd_t *pmd, unsigned long address, unsigned long size,
			   unsigned long phys, pgprot_t prot)
{
	unsigned long end = address + size;

	phys -= address;
	while (address < end) {
		pte_t *pte = pte_alloc(pmd, address);

		if (!pte)
			return -ENOMEM;
		remap_pte_range(pte, address, end - address, address + phys, prot);
		address = (address + PMD_SIZE) & PMD_MASK;
		pmd++;
	}
	return 0;
}

/*
 * Maps size bytes of physical memory from phys on at the user's address
 * from. Zero says that there were page tables enough, and nothing of what
 * they hold now.
 */
int remap_page_range(unsigned long from, unsigned long phys, unsigned long size, pgprot_t prot)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = from + size;
	pgd_t *dir = pgd_offset(mm, from);
	int error = 0;

	phys -= from;
	flush_cache_range(mm, from, end);
	while (from < end && !error) {
		pmd_t *pmd = pmd_alloc(dir, from);

		if (!pmd)
			return -ENOMEM;
		error = remap_pmd_range(pmd, from, end - from, phys + from, prot);
		from = (from + PGDIR_SIZE) & PGDIR_MASK;
		dir++;
	}
	flush_tlb_range(mm, end - size, end);
	return error;
}

/*
 * A fault where no page is. The driver's nopage() brings one along with a
 * reference; a range without nopage() gets an anonymous page.
 */
int do_no_page(struct mm_struct *mm, struct vm_area_struct *vma,
	       unsigned long address, int write_access, pte_t *pte)
{
	struct page *page;

	if (!vma->vm_ops || !vma->vm_ops->nopage)
		return do_anonymous_page(mm, vma, pte, write_access, address);
	page = vma->vm_ops->nopage(vma, address & PAGE_MASK, write_access);
	if (page == NOPAGE_SIGBUS)
		return 0;
	if (page == NOPAGE_OOM)
		return -1;
	mm->rss++;
	set_pte(pte, mk_pte(page, vma->vm_page_prot));
	return 1;
}
