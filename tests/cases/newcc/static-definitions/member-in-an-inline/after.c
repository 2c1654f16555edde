#include "header.h"
static struct ring ring_head__static = { &ring_head__static };
int f(void)
{
	return use(&ring_head__static);
}
