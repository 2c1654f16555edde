void f(void)
{
	(*(u32 *)&(total)) += n;
	(*(const char * *)&(m.buf)) = buf;
}
