static       char sig[] __initdata = "x";
