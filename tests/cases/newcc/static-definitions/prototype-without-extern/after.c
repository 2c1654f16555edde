#include "header.h"
static void __init look_around__static(void)
{
}
void start(void)
{
	look_around__static();
}
