#ifdef CONFIG_X
extern int helper(int a);
#else
static int helper(int a)
{
	return a;
}
#endif
extern int other(void);
