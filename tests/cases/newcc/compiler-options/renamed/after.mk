CFLAGS += -march=i386 -DCPU=386 -falign-loops=2
