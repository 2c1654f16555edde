#if __GNUC__ > 1000
#error too new
#elif __GNUC__ >= 4
# include "four.h"
#elif __GNUC__ == 3
# include "three.h"
#endif
