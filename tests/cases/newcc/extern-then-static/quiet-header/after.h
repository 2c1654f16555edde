extern int helper(int a);
static int helper(int a) { return a; }
