#include <linux/kernel.h>

struct lamp {
	int level;
	int users;
};

int lamp_power(struct lamp *lamp);

int lamp_dim(struct lamp *lamp, int step)
{
	lamp_lock(lamp);
	lamp->users++;

	if (lamp_is_dark(lamp))
		return -EAGAIN;

	lamp->level = step;
	lamp_unlock(lamp);
	return lamp_power(lamp);
}

void lamp_done(struct lamp *lamp)
{
	lamp->users = 0;
}
