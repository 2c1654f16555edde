asm("movl %%fs,%0" : "=m" (x));
