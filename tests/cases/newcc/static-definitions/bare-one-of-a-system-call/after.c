#include "header.h"
 int errno;
static int lamps__static = 2;
int use(void)
{
	return errno + lamps__static;
}
