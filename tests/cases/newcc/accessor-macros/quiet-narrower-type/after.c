typedef unsigned char u8;
#define LOW(r) ((u8) ((r)->word))
void f(struct r *r)
{
	LOW(r) = 0;
}
