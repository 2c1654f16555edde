asm("cli");
asm("hlt" : : : "memory");
register int sp asm("esp");
/* asm("x" : : "r" (a)) */
