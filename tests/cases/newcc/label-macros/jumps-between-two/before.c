#define STEP(n)				\
({					\
	if (bits & (1 << n))		\
		goto extra##n;		\
  back##n:				\
})

#define EXTRA(n)			\
({					\
  extra##n:				\
	bits >>= 1;			\
	goto back##n;			\
})
