asm("rep; stosb" : : "c" (n) : "cx", "di");
