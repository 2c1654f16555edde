CFLAGS += -march=i386 -mpreferred-stack-boundary=2 foo-m386
