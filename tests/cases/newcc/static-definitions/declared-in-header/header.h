extern char root_name[];
extern int helper(int);
