asm("movl %%esp,%0\n\tmovl %%edi,%%esi" : "=m" (x));
