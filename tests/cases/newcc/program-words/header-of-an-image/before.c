#include <stdio.h>

typedef unsigned char u8;
typedef unsigned long u32;
