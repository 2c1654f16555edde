bootsect: bootsect.o
	$(LD) -Ttext 0x0 -s --oformat binary -o $@ $<
