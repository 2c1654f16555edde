#include "lamp.h"

static int lamp_on; /* Küche */

int lamp_switch(int on)
{
	/* älter */
	lamp_on = on;
	return lamp_report(on);
}
