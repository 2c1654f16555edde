#define DBG(x...) printk(KERN_DEBUG ## x)
#define E(P) enum { \
	##P##_A, ##P##_B }
