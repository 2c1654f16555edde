struct lamp {
	int oil;
}; static void fill_lamp(struct lamp *); static int lamp_left(void);

static int light(struct lamp *lamp)
{
	if (lamp->oil) {
		;
		;
		fill_lamp(lamp);
	}
	return lamp->oil;
}

static void fill_lamp(struct lamp *lamp)
{
	lamp->oil++;
}

static int lamp_left(void)
{
	return 1;
}
