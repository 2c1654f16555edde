#define OIL(l)				\
({					\
	int left = (l)->oil;		\
  again:				\
	if (left > 9 && left--)		\
		goto again;		\
	left;				\
})
#define LIT(l) ({ (l)->lit ? 1 : 0; })
