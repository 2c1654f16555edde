#include "header.h"
#if OLD
 int baud(int a)
{
}
#endif
int f(void)
{
	return baud(1);
}
