#define SRC(y) 9: y
