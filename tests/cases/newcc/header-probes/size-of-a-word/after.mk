LAMP := $(shell $(CC) -E $(CPPFLAGS) -dM ../../include/asm/lamp.h | grep OIL)
WICK := $(shell $(CC) -E $(CPPFLAGS) ../include/asm/wick.h)
