cmd_lamp = $(CC) -Wl,-m,elf_i386 -nostdlib $(LAMPFLAGS) \
		-o $@
