#include "header.h"
volatile struct timeval xtime;
unsigned long jiffies = 1;
