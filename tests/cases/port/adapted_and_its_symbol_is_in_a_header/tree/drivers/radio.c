/* The kitchen radio. */
#include "radio.h"

static int radio_users;

static int radio_open(struct radio *radio)
{
	if (radio_users)
		return -EBUSY;
	radio_lock(radio);
	radio->volume = 5;
	radio_set_channel(radio, 1);
	radio_unlock(radio);
	return 0;
}

static void radio_close(struct radio *radio)
{
	radio_users--;
}
