void f(void)
{
	asm("cld\n"
"	rep");
}
