static void __exit lamp_exit(void)
{
	extern void lamp_table_remove(int, char *) __attribute__((weak));
	int level;

	level = lamp_level();
	lamp_table_remove(level, "lamp");
}

int __init lamp_init(void)
{
	extern void lamp_table_add(void);
	lamp_table_add();
	return 0;
}
