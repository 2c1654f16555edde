int f(char *a, char *b)
{
	strscpy(a, b, 4);
	if (x)
		strscpy(a, b, 4);
	switch (x) {
	case 1:
		(void)strscpy(a, b, 4);
	}
	if (strlcpy(a, b, 4) >= 4)
		return y ? 1 : strlcpy(a, b, 4);
	n = strlcpy(a, b, 4);
	return strlcpy(a, b, 4);
}
