extern struct ring ring_head;
static inline void ring_add(struct ring *r)
{
	r->next = r->ring_head.next;
}
