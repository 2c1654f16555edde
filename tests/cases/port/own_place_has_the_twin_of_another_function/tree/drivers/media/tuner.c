#define TUNER_REG_0	0
#define TUNER_REG_1	1
#define TUNER_REG_2	2
#define TUNER_REG_3	3

/* The port is slow, so the lock is held for the whole access.
   Each unit has a lock of its own, and units do not wait for one another.
   The busy bit is not looked at: it would stall the machine on old boards.
   Callers have the clock running. Some casts below are ugly, but nobody
   else has need of them. */
static int tuner_read(struct unit *unit, int reg)
{
	struct tuner *tuner = unit->private;

	down(&tuner->lock);
	return inb_p(unit->port + reg);
}

/* The port is slow, so the lock is held for the whole access.
   Each unit has a lock of its own, and units do not wait for one another.
   The busy bit is not looked at: it would stall the machine on old boards.
   Callers have the clock running. Some casts below are ugly, but nobody
   else has need of them. */
static int tuner_write(struct unit *unit, int reg, int value)
{
	struct tuner *tuner = unit->private;

	up(&tuner->lock);
	return outb_p(value, unit->port + reg);
}
