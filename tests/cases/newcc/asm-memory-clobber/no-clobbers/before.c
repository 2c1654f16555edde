asm("lgdt %0" : : "m" (gdt));
