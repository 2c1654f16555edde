#include "header.h"
void
wake_up(wait_t *q, int mode)
{
}

struct page *
get(void)
{
}
