static int open_it(struct inode *inode)
{
	printk(KERN_ERR "open_it" ": no\n");
}
