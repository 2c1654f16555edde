#define NAME(x) SYMBOL_NAME_LABEL(x##:) a->##x
#define S(x) "s" ## x
