#include "header.h"
static char root_name__static[64];
static int helper__static(int a)
{
	return root_name__static[a] + s.helper + "helper"[0]; /* helper */
}
