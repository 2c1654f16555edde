static int lamp_there(void);

static int lamp_start(struct lamp *lamp)
{
	int lamp_count(int);
	int lamp_there;

	lamp->lamp_off(lamp);
	return lamp_count(1);
}

static int lamp_there(void)
{
	return lamp_there();
}

static int lamp_off(struct lamp *lamp)
{
	return 1;
}
