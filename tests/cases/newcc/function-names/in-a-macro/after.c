#define BUG(x) \
	printk("%s (%d): " "%s" ": " #x "\n", file, line, __FUNCTION__, more)
#define ENTER printk("enter " "%s" "\n", __FUNCTION__)
