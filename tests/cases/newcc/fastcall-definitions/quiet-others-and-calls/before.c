#include "header.h"
void other(int a)
{
	wake_up(q, 1);
}
