asm("btsl %2,%1" : "=r" (old), "=m" (*p) : "Ir" (nr));
