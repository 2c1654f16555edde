#define PART(x) GLUE(lamp,x)
#define GLUE(x,y) x ## y
int PART(_start) = GLUE(1, 2);
