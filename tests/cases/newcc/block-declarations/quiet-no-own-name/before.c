struct lamp {
	int oil;
};

static void fill_lamp(struct lamp *lamp)
{
	lamp->oil++;
}

static int light(struct lamp *lamp)
{
	extern int lamp_elsewhere(void);
	static int lit;

	fill_lamp(lamp);
	return lit + lamp_elsewhere();
}
