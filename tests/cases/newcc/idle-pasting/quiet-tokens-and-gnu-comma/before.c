#define A(x) a_##x##_b
#define P(f, a...) printk(f, ## a)
#define Q(f, a...) printk(f , ##a)
