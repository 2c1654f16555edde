int f(char *p)
{
	++(p)->n;
	++(x);
	return --(*p) + (char *)p->q;
}
