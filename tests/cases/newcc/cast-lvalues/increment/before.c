void f(void)
{
	((char *) p)++;
	*((u8 *)s->data)++ = 1;
}
