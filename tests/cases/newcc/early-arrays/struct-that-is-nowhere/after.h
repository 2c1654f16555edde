extern struct ghost ghosts;
extern struct ghost *one;
