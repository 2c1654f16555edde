struct card {
	int a;
};
extern struct card cards[];
