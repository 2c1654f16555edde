.S.o:
	$(CC) $(AFLAGS) -traditional -c $< -o $*.o
