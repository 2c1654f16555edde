#include "header.h"
static int oil_left(int a)
{
	return a;
}
static int wick __P((int));
