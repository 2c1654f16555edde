#define load(seg,v) asm("movl %0,%%" #seg "\n" : : "m" (v))
