#include <header.h>

static int header = 1;

int twice(void)
{
	return 2 * header;
}
