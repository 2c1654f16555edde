#define RING_PINNED	0x0001	/* pages stay */
#define RING_SHARED	0x0002	/* more than one user */
#define RING_WRITE	0x0004	/* user may write */
#define RING_DIRECT	0x0008	/* no copies */

#define RING_MASK	0x000f
