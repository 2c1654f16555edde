static int radio_write(struct radio *radio)
{
	int error = 0;

	radio_lock(radio);
	error = radio_wait(radio);
	radio_count(radio);
	radio_unlock(radio);
	return error;
}

static int radio_read(struct radio *radio)
{
	int error = 0;

	radio_lock(radio);
	error = radio_wait(radio);
	radio_unlock(radio);
	return error;
}

