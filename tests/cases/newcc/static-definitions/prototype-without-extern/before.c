#include "header.h"
static void __init look_around(void)
{
}
void start(void)
{
	look_around();
}
