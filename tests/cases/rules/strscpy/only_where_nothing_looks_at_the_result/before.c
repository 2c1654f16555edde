int f(char *a, char *b)
{
	strlcpy(a, b, 4);
	if (x)
		strlcpy(a, b, 4);
	switch (x) {
	case 1:
		(void)strlcpy(a, b, 4);
	}
	if (strlcpy(a, b, 4) >= 4)
		return y ? 1 : strlcpy(a, b, 4);
	n = strlcpy(a, b, 4);
	return strlcpy(a, b, 4);
}
