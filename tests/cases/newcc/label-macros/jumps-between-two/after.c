#define STEP(n)				\
do {					\
	if (bits & (1 << n))		\
		goto extra##n;		\
  back##n:				\
} while (0)

#define EXTRA(n)			\
do {					\
  extra##n:				\
	bits >>= 1;			\
	goto back##n;			\
} while (0)
