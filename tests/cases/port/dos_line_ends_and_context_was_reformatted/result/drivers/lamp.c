#include "lamp.h"

static unsigned lamp_on;

int lamp_switch(int on)
{
	lamp_on = !!on;
	return lamp_report( on );
}
