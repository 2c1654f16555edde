#include "header.h"
static inline int helper(int a) { return a; }
static int own;
