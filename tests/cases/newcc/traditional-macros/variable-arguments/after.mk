.S.o:
	$(CC) $(AFLAGS)  -c $< -o $*.o
