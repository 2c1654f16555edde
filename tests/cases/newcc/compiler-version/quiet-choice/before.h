#if __GNUC__ > 3
# define LAMP 1
#elif __GNUC__ == 3
# define LAMP 2
#endif
