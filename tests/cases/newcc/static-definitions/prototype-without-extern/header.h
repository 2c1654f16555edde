void look_around(void);
