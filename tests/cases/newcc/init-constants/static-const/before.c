static const char sig[] __initdata = "x";
