#include "header.h"
static DECLARE_KIND(lamp_kind__static, "lamp", read_lamp);
int start(void)
{
	return register_kind(&lamp_kind__static);
}
