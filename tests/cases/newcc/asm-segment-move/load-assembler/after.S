	movl $1, %eax
	mov  %eax, %ds
