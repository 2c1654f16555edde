#include "header.h"
int g(void)
{
}
int f(void)
{
	return use(&link_ops);
}
static struct ops link_ops = { 0 };
