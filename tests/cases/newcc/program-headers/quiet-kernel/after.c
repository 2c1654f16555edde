#include <linux/kernel.h>
#include <asm/boot.h>

int first = LARGEST;
