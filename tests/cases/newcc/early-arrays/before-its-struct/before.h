extern struct card cards[MAX];

struct card {
	int a;
};
