#ifdef DEBUG
#define STATIC
#else
#define STATIC static
#endif
STATIC struct conf default_conf;
STATIC struct conf
default_conf LAMP_INITDATA = {
	1,
};
