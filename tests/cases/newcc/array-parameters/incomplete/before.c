int f(struct msg m[], int n);
int g(int n, struct msg
	msgs[]);
