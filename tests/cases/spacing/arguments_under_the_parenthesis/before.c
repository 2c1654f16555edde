#include <linux/lamp.h>

#define LAMP_MAX	9	/* as bright as it gets */
#define LAMP_MIN	0	/* dark */

struct lamp {
	int		level;	/* how bright */
	unsigned long	port;	/* where it is */
	spinlock_t	lock;
};

static struct lamp_operations lamp_ops = {
	.owner		= THIS_MODULE,
	.set		= lamp_set,
	.get		= lamp_get,
};

/*
 *	lamp_set - make it brighter or darker
 *	@lamp: which
 *	@level: how bright
 */
static int lamp_set(struct lamp *lamp, int level)
{
	int old = lamp->level;

	if (level > LAMP_MAX)
		return -EINVAL;
	spin_lock(&lamp->lock);
	switch (level) {
	case 0:
		lamp_off(lamp);
		break;
	default:
		lamp_on(lamp, level);
		break;
	}
	printk(KERN_INFO "lamp: was %d, is %d\n",
	       old, level);
	spin_unlock(&lamp->lock);
out:
	lamp->level = level;
	return 0;
}

#define lamp_each(lamp)				\
	do {					\
		lamp_next(lamp);		\
	} while (lamp)
