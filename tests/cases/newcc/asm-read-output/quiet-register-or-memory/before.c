asm("sete %0" : "=qm" (c));
int m = "=m"[0];
