void f(void)
{
	asm("cld
	rep");
}
