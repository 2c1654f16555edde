struct t a = {
	/* PAL */
	.Fsc             35468950,
	.sram = -1,
};
