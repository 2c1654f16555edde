#include "header.h"
static char root_name[64];
static int helper(int a)
{
}
