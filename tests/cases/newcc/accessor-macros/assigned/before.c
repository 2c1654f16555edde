#define PRIV(d) ((struct p *) (d)->data)
#define NEXT(s) ((REQP) ((s)->next))
void f(void)
{
	PRIV(dev) = 0;
}
