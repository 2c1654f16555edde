void f(void)
{
	(ULONG) (p->c[0]) = 1;
	q = (int *) p = b;
	if (!((void *) c->s = g()))
		return;
}
