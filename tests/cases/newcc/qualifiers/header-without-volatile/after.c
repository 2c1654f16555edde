#include "header.h"
 struct timeval xtime;
volatile unsigned long jiffies = 1;
