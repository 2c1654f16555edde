#define SET_LIMIT(at, limit) \
__asm__ ("movw %w1,0(%0)\n\tmovw %%ax,2(%0)\n\tmovl %1,4(%0)" : : "r"(at), "r"(limit) : "memory")

void plain(void)
{
	__asm__ ("movw %1,%ax");
	printk("movw %1,%2");
}
