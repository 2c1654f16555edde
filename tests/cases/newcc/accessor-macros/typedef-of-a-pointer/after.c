typedef struct req REQ, *REQP;
#define NEXT(r) (*(REQP *)&(((r)->next)))
void f(REQP r)
{
	NEXT(r) = 0;
}
