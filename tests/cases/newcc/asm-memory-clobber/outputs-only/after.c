__asm__ __volatile__("str %0"
	: "=r" (x) : : "memory"
	);
