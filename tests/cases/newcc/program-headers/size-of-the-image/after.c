#include <stdio.h>
#include "../include/asm/boot.h"

int main(void)
{
	return printf("%d\n", LARGEST);
}
