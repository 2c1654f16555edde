asm("incl %0" : "+m" (v->counter) : "m" (v->counter));
