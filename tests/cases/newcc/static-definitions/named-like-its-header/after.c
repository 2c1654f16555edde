#include <header.h>

static int header__static = 1;

int twice(void)
{
	return 2 * header__static;
}
