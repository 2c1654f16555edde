void load(void)
{
	__asm__("movl $16,%%eax\n"
		"\tmovl %%ax,%%ds\n\tmovl %%ax,%%ss" : : : "eax");
}
