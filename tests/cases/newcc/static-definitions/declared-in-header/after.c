#include "header.h"
 char root_name[64];
 int helper(int a)
{
}
