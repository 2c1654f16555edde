#include <stdarg.h>
#include <stddef.h>
#include <linux/string.h>
#include "errno.h"
