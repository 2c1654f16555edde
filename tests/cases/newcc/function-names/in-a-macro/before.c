#define BUG(x) \
	printk("%s (%d): " __FUNCTION__ ": " #x "\n", file, line, more)
#define ENTER printk("enter " __FUNCTION__ "\n")
