#include <stdio.h>
#include <asm/boot.h>

int main(void)
{
	return printf("%d\n", LARGEST);
}
