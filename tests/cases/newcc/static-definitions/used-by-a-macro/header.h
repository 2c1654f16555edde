extern unsigned int lamp_debug;
#define TELL(what) if (lamp_debug & \
	(what))
