#include "header.h"
static unsigned lamp_debug = 3;
int f(struct lamp *l)
{
	TELL(1) l->lamp_debug = 0;
	return lamp_debug;
}
