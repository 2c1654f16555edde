struct t a = {
	.Fsc = 35468950,
	.b = x.y 5,
};
float f = .5;
