void load(void)
{
	__asm__("movl $16,%%eax\n"
		"\tmov  %%ax,%%ds\n\tmov  %%ax,%%ss" : : : "eax");
}
