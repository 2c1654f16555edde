#define PART(x) GLUE(lamp12.,x)
#define TEXT(x) #x
#define GLUE(x,y) TEXT(x ## y)
char *name = PART(start);
