void set(int f, int *uid, struct s *s)
{
	(f ? *uid : s->gid) = 1;
	if (f) (f > 1 ? a[f] : b) += 2;
}
