#include "below.h"
extern int errno;
extern int lamps;
