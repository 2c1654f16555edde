extern struct ghost ghosts[MANY];
extern struct ghost *one;
