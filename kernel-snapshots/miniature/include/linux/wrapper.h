#ifndef _WRAPPER_H_
#define _WRAPPER_H_

/*
 * include/linux/wrapper.h of patchkit's miniature.
 *
 * Names that let one driver source serve several kernels: what a field is
 * called, and which call does the work, changed between the series. No
 * driver of this tree needs more of them than what stands here.
 *
 * The macros do not bracket their arguments. Give them plain names.
 */

struct file;
struct inode;
struct vm_area_struct;

/* who was opened, and how */
#define file_minor(f) MINOR(f->f_dentry->d_inode->i_rdev)
#define file_may_wait(f) (!(f->f_flags & O_NONBLOCK))

/*
 * The range of a process that mmap() is to fill. A driver reads it through
 * these, and changes nothing in it but its flags.
 */
#define vma_size(v) (v->vm_end - v->vm_start)
#define vma_first_page(v) v->vm_pgoff

#define vma_get_end(v) v->vm_end
#define vma_get_page_prot(v) v->vm_page_prot

#define mem_map_reserve(p) set_bit(PG_reserved, &p->flags)
#define mem_map_unreserve(p) clear_bit(PG_reserved, &p->flags)
#define mem_map_inc_count(p) atomic_inc(&(p->count))
#define mem_map_dec_count(p) atomic_dec(&(p->count))
#endif
