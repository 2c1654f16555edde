# a + = b
lamp:
	expr 1 + = 2
lamp: x = y + = z
