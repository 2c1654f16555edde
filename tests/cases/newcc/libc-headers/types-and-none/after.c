#include <linux/types.h>

# include <linux/errno.h>
#include <linux/types.h>
int f(void);
