static void lamp_reset(void)
{
} static int lamp_there(void); static unsigned int lamp_count(int least);

static int lamp_start(void)
{
	if (!lamp_there())
		return 0;
	return lamp_count(2);
}

static int __init lamp_there(void)
{
	return 1;
}

static unsigned int lamp_count(int least)
{
	return least;
}
