#include "header.h"
static int errno;
static int lamps = 2;
int use(void)
{
	return errno + lamps;
}
