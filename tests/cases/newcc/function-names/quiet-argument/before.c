#define T(f, a...) printk("%s: " f, __FUNCTION__ , ## a)
void f(void)
{
	char *s = __FUNCTION__;
}
