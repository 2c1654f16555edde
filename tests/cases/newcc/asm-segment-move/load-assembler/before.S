	movl $1, %eax
	movl %eax, %ds
