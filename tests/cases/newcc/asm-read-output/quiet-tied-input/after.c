asm("incl %0" : "=m" (x) : "0" (x));
