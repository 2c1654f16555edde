#define load(seg,v) asm("mov  %0,%%" #seg "\n" : : "m" (v))
