struct lamp {
	int oil;
};
static void fill_lamp(struct lamp *lamp, int by);

static void light(struct lamp *lamp, int wick)
{
	if (wick)
		return fill_lamp(lamp,
				wick);
	else fill_lamp(lamp,
			1);
}

static void fill_lamp(struct lamp *lamp, int by)
{
	lamp->oil += by;
}
