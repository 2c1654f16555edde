/* A crash in another process or a thread of the kernel leaves init alive: its log tells of it. */
#include "sys.h"

#define READ_ALL 3

int kernel_crashed(void)
{
	/* the words of die(), and of BUG(), which 2.4 ends with an invalid operand */
	static const char *const words[] = { "Oops: ", "kernel BUG at ", "invalid operand: ",
					     "general protection fault: " };
	static char log[256 * 1024];
	long at, count = sys3(syslog, READ_ALL, log, sizeof(log) - 1);
	unsigned which;

	/* a kernel may have no log */
	for (at = 0; at < count; at++)
		for (which = 0; which < sizeof(words) / sizeof(words[0]); which++)
			if (begins(log + at, words[which]))
				return 1;
	return 0;
}
