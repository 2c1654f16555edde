void f(void)
{
	if ((u32)a == b || ((long)c) <= d)
		e = (int)f;
	*((short *)0x472) = 0;
	while (x) y = 1;
	if (p) q += 1;
	((struct s *)v)->field = 1;
}
