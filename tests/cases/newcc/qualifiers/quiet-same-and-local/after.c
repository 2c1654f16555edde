#include "header.h"
unsigned long volatile jiffies;
void f(void)
{
	volatile int xtime;
}
