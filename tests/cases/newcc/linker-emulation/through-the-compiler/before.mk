cmd_lamp = $(CC) -m elf_i386 -nostdlib $(LAMPFLAGS) \
		-o $@
