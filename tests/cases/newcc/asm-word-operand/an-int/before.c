#define SET_LIMIT(at, limit) \
__asm__ ("movw %1,0(%0)\n\t" \
	"addw %1,2(%0)" : : "r"(at), "r"(limit) : "memory")
