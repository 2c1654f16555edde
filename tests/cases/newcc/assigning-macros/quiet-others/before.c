#define SAME(a, b)	a == b
#define SET(a, b)	do { a = b; } while (0)
#define GLOBAL(a)	lamps = a
#define TAKE(top, n)	(top -= n)
#define BOTH(a, b)	a = b, b = 0
