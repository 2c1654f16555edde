LAMP := $(shell $(CC) -E $(CPPFLAGS) ../../include/asm/lamp.h)
WICK := $(shell $(CC) -E -I../include ../include/asm/wick.h)
boot.s: boot.S
	$(CC) -E -o $@ $<
