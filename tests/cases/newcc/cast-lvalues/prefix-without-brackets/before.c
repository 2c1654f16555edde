int f(char *p)
{
	++(u32*)p;
	return g(--(struct s *) s->next);
}
