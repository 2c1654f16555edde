asm("x" : "=r" (a) : "r" (b ? c : d) : "memory");
