static const char sig[] = "x";
static char b[] __initdata = "x";
