#define lamp__INITDATA __initdata
static       unsigned short ports[] lamp__INITDATA = { 1, 2 };
