static const struct mark {
	const char *text;
	int at;
} marks[] __initdata = {
	{ "LAMP", 4 },
};
