#include "lamp.h"

static int lamp_on;

int lamp_switch(int on)
{
	lamp_on = !!on;
	return lamp_report(on);
}
