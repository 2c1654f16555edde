#include "header.h"
static struct ring ring_head = { &ring_head };
int f(void)
{
	return use(&ring_head);
}
