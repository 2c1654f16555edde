#include "header.h"
static DECLARE_KIND(lamp_kind, "lamp", read_lamp);
int start(void)
{
	return register_kind(&lamp_kind);
}
