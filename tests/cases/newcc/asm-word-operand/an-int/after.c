#define SET_LIMIT(at, limit) \
__asm__ ("movw %w1,0(%0)\n\t" \
	"addw %w1,2(%0)" : : "r"(at), "r"(limit) : "memory")
