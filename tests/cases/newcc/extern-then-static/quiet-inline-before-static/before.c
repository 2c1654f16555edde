inline static int trim_wick(int length);
extern inline int wick_left(int length);

static int trim_wick(int length)
{
	return length - 1;
}
