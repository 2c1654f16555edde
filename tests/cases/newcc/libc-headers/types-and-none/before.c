#include <sys/types.h>
#include <math.h>
# include <errno.h>
#include <linux/types.h>
int f(void);
