static void lamp_reset(void)
{
}

static int lamp_start(struct lamp *lamp)
{
	return lamp_dim(lamp->level,
			2) + lamp_of(lamp);
}

static int lamp_dim(unsigned char level,
		    short steps)
{
	return level / steps;
}

static int lamp_of(struct lamp *lamp)
{
	return lamp->number;
}
