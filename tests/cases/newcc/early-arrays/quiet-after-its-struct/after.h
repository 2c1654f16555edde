struct card {
	int a;
};
extern struct card cards[];
extern struct unknown others[];
