/*
 * mm/vmscan.c of patchkit's miniature: who has to give pages back when
 * memory is short. No kernel: the shape of one, in our own words.
 *
 * Pages that may be freed stand in two queues. In the "busy" one they are
 * sorted by age, and fall into the "idle" one when their age is zero; from
 * there they are freed when nobody looked at them in between. Pages that a
 * process has mapped get into neither before the process let go of them,
 * which is what the second half of this file is for.
 *
 * A page with PG_reserved is in no queue, and no process ever loses it.
 */

#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/init.h>
#include <linux/spinlock.h>
#include <linux/swapctl.h>

#include <asm/pgtable.h>

#define AGE_START	2
#define AGE_STEP	3
#define AGE_LIMIT	64

/* What a look at one page came to */
enum verdict {
	PAGE_KEPT,
	PAGE_MOVED,
	PAGE_FREED,
};

struct page_queue {
	struct list_head pages;
	spinlock_t lock;
	int length;
};

static struct page_queue busy_queue = {
	pages:	LIST_HEAD_INIT(busy_queue.pages),
	lock:	SPIN_LOCK_UNLOCKED,
};

static struct page_queue idle_queue = {
	pages:	LIST_HEAD_INIT(idle_queue.pages),
	lock:	SPIN_LOCK_UNLOCKED,
};

/* The pages that there should be at hand at any time */
static int free_target;

/*
 * The age of a page is kept in the low bits of its index while it is in a
 * queue: nothing else needs it there.
 */
static inline int page_age(struct page *page)
{
	return page->index & (AGE_LIMIT - 1);
}

static inline void set_page_age(struct page *page, int age)
{
	page->index = (page->index & ~(AGE_LIMIT - 1)) | age;
}

static void make_older(struct page *page)
{
	set_page_age(page, page_age(page) / 2);
}

static void make_younger(struct page *page)
{
	int age = page_age(page) + AGE_STEP;

	if (age >= AGE_LIMIT)
		age = AGE_LIMIT - 1;
	set_page_age(page, age);
}

static void queue_page(struct page_queue *queue, struct page *page)
{
	spin_lock(&queue->lock);
	list_add(&page->list, &queue->pages);
	queue->length++;
	spin_unlock(&queue->lock);
}

static void unqueue_page(struct page_queue *queue, struct page *page)
{
	spin_lock(&queue->lock);
	list_del(&page->list);
	queue->length--;
	spin_unlock(&queue->lock);
}

/* The page that has waited longest, or none. */
static struct page *oldest_page(struct page_queue *queue)
{
	struct page *page = NULL;

	spin_lock(&queue->lock);
	if (!list_empty(&queue->pages))
		page = list_entry(queue->pages.prev, struct page, list);
	spin_unlock(&queue->lock);
	return page;
}

/* A page that somebody wants to keep an eye on from now on. */
void watch_page(struct page *page)
{
	if (PageReserved(page))
		return;
	set_page_age(page, AGE_START);
	queue_page(&busy_queue, page);
}

/*
 * One look at a page of the busy queue: it was used, and gets younger, or
 * it was not, and gets older until it has to go.
 */
static enum verdict look_at_busy(struct page *page)
{
	if (PageReferenced(page)) {
		clear_bit(PG_referenced, &page->flags);
		make_younger(page);
		return PAGE_KEPT;
	}
	make_older(page);
	if (page_age(page) > 0)
		return PAGE_KEPT;
	unqueue_page(&busy_queue, page);
	queue_page(&idle_queue, page);
	return PAGE_MOVED;
}

/*
 * One look at a page of the idle queue. A page that came back to life goes
 * to the busy ones again; one that is locked has I/O under way.
 */
static enum verdict look_at_idle(struct page *page)
{
	if (PageLocked(page))
		return PAGE_KEPT;
	unqueue_page(&idle_queue, page);
	if (PageReferenced(page) || page_count(page) > 1) {
		watch_page(page);
		return PAGE_MOVED;
	}
	put_page(page);
	return PAGE_FREED;
}

/*
 * Goes through the busy queue once at most, and stops when so many pages
 * became idle. Returns how many did.
 */
static int refill_idle(int wanted)
{
	int left = busy_queue.length;
	int moved = 0;

	while (left-- > 0 && moved < wanted) {
		struct page *page = oldest_page(&busy_queue);

		if (!page)
			break;
		if (look_at_busy(page) == PAGE_MOVED) {
			moved++;
			continue;
		}
		unqueue_page(&busy_queue, page);
		queue_page(&busy_queue, page);
	}
	return moved;
}

/* The same for the idle queue. Returns how many pages were freed. */
static int free_idle(int wanted)
{
	int left = idle_queue.length;
	int freed = 0;

	while (left-- > 0 && freed < wanted) {
		struct page *page = oldest_page(&idle_queue);

		if (!page)
			break;
		switch (look_at_idle(page)) {
		case PAGE_FREED:
			freed++;
			break;
		case PAGE_KEPT:
			unqueue_page(&idle_queue, page);
			queue_page(&idle_queue, page);
			break;
		default:
			break;
		}
	}
	return freed;
}

/* The pages still missing from what should be at hand; none is zero. */
static int pages_missing(void)
{
	int missing = free_target - nr_free_pages();

	return missing > 0 ? missing : 0;
}

/*
 * From here on: processes that have to let go of what they have mapped.
 * Each level of a page table has its function, and all of them stop as
 * soon as one page could be taken away, so that the next process has its
 * turn.
 */

/*
 * Asks one page table entry for its page. Returns 1 when the process has
 * lost it.
 *
 * A driver that brings a swapout() is asked first. It has to make progress
 * when it says so: one that returns 0 and did nothing makes us believe that
 * memory was won, again and again.
 */
static int take_page(struct mm_struct *mm, struct vm_area_struct *vma,
		     unsigned long address, pte_t *pte, int gfp_mask)
{
	struct page *page;

	if (!pte_present(*pte))
		return 0;
	page = pte_page(*pte);
	if (!VALID_PAGE(page) || PageReserved(page))
		return 0;
	if (pte_young(*pte)) {
		set_pte(pte, pte_mkold(*pte));
		set_bit(PG_referenced, &page->flags);
		return 0;
	}
	if (PageLocked(page))
		return 0;
	if (vma->vm_ops && vma->vm_ops->swapout) {
		if (!(gfp_mask & __GFP_IO))
			return 0;
		if (vma->vm_ops->swapout(page, vma->vm_file))
			return 0;
	} else if (pte_dirty(*pte)) {
		return swap_page_out(mm, vma, address, pte, gfp_mask);
	}
	pte_clear(pte);
	flush_tlb_page(vma, address);
	mm->rss--;
	watch_page(page);
	put_page(page);
	return 1;
}

/* One lowest-level table, or the part of it that belongs to the range. */
static int take_from_table(struct mm_struct *mm, struct vm_area_struct *vma, pmd_t *pmd,
			   unsigned long address, unsigned long end, int gfp_mask)
{
	unsigned long table_end = (address + PMD_SIZE) & PMD_MASK;
	pte_t *pte;

	if (pmd_none(*pmd))
		return 0;
	if (end > table_end)
		end = table_end;
	pte = pte_offset(pmd, address);
	while (address < end) {
		mm->swap_address = address + PAGE_SIZE;
		if (take_page(mm, vma, address, pte, gfp_mask))
			return 1;
		if (!mm->swap_cnt)
			return 0;
		address += PAGE_SIZE;
		pte++;
	}
	return 0;
}

/* One middle directory, in the same way. */
static int take_from_directory(struct mm_struct *mm, struct vm_area_struct *vma, pgd_t *dir,
			       unsigned long address, unsigned long end, int gfp_mask)
{
	unsigned long dir_end = (address + PGDIR_SIZE) & PGDIR_MASK;
	pmd_t *pmd;

	if (pgd_none(*dir))
		return 0;
	if (end > dir_end)
		end = dir_end;
	pmd = pmd_offset(dir, address);
	while (address < end) {
		if (take_from_table(mm, vma, pmd, address, end, gfp_mask))
			return 1;
		if (!mm->swap_cnt)
			return 0;
		address = (address + PMD_SIZE) & PMD_MASK;
		pmd++;
	}
	return 0;
}

/*
 * One range. What mlock() holds is passed over as a whole: there is no need
 * to walk its tables. For the reserved pages of a driver there is no such
 * short cut: each of their entries is looked at, every time, and in vain.
 * That is what a flag of the whole range would spare us.
 */
static int take_from_range(struct mm_struct *mm, struct vm_area_struct *vma,
			   unsigned long address, int gfp_mask)
{
	pgd_t *pgdir;
	unsigned long end;

	/* Don't swap out areas which are locked down */
	if (vma->vm_flags & VM_LOCKED)
		return 0;

	pgdir = pgd_offset(mm, address);
	end = vma->vm_end;
	while (address < end) {
		if (take_from_directory(mm, vma, pgdir, address, end, gfp_mask))
			return 1;
		if (!mm->swap_cnt)
			return 0;
		address = (address + PGDIR_SIZE) & PGDIR_MASK;
		pgdir++;
	}
	return 0;
}

/* All ranges of a process, from where the last look ended. */
static int take_from_process(struct mm_struct *mm, int gfp_mask)
{
	struct vm_area_struct *vma;
	unsigned long address = mm->swap_address;

	for (vma = find_vma(mm, address); vma; vma = vma->vm_next) {
		if (address < vma->vm_start)
			address = vma->vm_start;
		if (take_from_range(mm, vma, address, gfp_mask))
			return 1;
		address = vma->vm_end;
	}
	mm->swap_address = 0;
	mm->swap_cnt = 0;
	return 0;
}

/*
 * Frees pages until enough are at hand, or nothing more is to be had.
 * Returns how many are still missing.
 */
int free_some_pages(struct mm_struct *mm, int gfp_mask)
{
	int missing = pages_missing();

	while (missing > 0) {
		if (!free_idle(missing) && !refill_idle(missing)
		    && !take_from_process(mm, gfp_mask))
			break;
		missing = pages_missing();
	}
	return missing;
}

static int __init vmscan_init(void)
{
	free_target = nr_free_pages() / 32;
	return 0;
}
