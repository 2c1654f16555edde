#include "header.h"
static char root_name[64];
static int helper(int a)
{
	return root_name[a] + s.helper + "helper"[0]; /* helper */
}
