asm("mov  %%fs,%0" : "=m" (x));
