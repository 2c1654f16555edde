static int open_it(struct inode *inode)
{
	printk(KERN_ERR __FUNCTION__ ": no\n");
}
