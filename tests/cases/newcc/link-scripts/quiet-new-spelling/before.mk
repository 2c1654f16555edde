x: y
	$(LD) --oformat binary -o $@
