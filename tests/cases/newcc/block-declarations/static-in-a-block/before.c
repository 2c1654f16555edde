struct lamp {
	int oil;
};

static int light(struct lamp *lamp)
{
	if (lamp->oil) {
		static void fill_lamp(struct lamp *);
		extern int lamp_left(void);
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
