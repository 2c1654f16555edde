LAMP := $(shell $(CC) -E -dM ../../include/asm/lamp.h | grep OIL)
WICK := $(shell $(CC) -E ../include/asm/wick.h)
