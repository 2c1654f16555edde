#include "header.h"
void
__attribute__((regparm(3))) wake_up(wait_t *q, int mode)
{
}

struct page *
__attribute__((regparm(3))) get(void)
{
}
