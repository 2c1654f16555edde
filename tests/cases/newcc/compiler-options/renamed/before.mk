CFLAGS += -m386 -DCPU=386 -malign-loops=2
