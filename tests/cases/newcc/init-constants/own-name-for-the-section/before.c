#define lamp__INITDATA __initdata
static const unsigned short ports[] lamp__INITDATA = { 1, 2 };
