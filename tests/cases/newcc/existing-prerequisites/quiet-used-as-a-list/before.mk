lamps.a: lamp.o bell.o
	$(AR) r $@ $?
lamps = $(strip $^)
