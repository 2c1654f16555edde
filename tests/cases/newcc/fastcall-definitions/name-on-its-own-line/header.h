extern void FASTCALL(wake_up(wait_t *q, int mode));
FASTCALL(struct page * get(void));
