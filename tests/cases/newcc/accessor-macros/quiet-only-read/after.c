#define PRIV(d) ((struct p *) (d)->data)
int f(void)
{
	return PRIV(dev) == 0;
}
