LDFLAGS := -m elf_i386
cmd_lamp = $(LD) -m elf_i386 -r -o $@
	$(CC) -m32 -c $<
