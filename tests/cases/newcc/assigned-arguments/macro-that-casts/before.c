#define AS_LAMP(at) ((at) ? to_lamp((unsigned long)at) : 0)
struct lamp *find(void)
{
	return AS_LAMP(ret = look(port + 1));
}
