#include "header.h"
#if OLD
static int baud(int a)
{
}
#endif
int f(void)
{
	return baud(1);
}
