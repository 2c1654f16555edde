/* What lamps cost. */
#include "lamp.h"

static int lamp_watts = 40;

int lamp_cost(int hours)
{
	int sum = lamp_watts * hours;

	return sum / 1000;
}
