struct s { int a:3; };
int f(void)
{
out:
	return a ? b : c;
}
