struct lamp {
	int oil;
}; static void fill_lamp(struct lamp *, int);

static int light(struct lamp *lamp, int wick)
{
	;

	int left = lamp->oil;

	fill_lamp(lamp,
			wick);
	return left;
}

static void fill_lamp(struct lamp *lamp, int by)
{
	lamp->oil += by;
}
