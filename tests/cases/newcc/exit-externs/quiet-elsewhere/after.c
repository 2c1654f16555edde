extern void lamp_off(void);

void __exit lamp_exit(void)
{
	extern int lamp_level;

	lamp_level = 0;
	lamp_off();
}

void lamp_leave(void)
{
	extern void lamp_table_remove(void);
	lamp_table_remove();
}
