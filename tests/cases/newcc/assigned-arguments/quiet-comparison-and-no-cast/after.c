#define AS_LAMP(at) ((at) ? to_lamp((unsigned long)at) : 0)
#define PLAIN(at) (at)
int find(void)
{
	return AS_LAMP(ret == 1) && PLAIN(ret = 1) && AS_LAMP(f(x = 2));
}
