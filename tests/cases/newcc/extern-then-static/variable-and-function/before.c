extern struct fops fops;
int helper(int a);
static struct fops fops = { 1 };
static int helper(int a)
{
	return a;
}
