#include "header.h"
int g(void)
{
} static struct ops link_ops__static;
int f(void)
{
	return use(&link_ops__static);
}
static struct ops link_ops__static = { 0 };
