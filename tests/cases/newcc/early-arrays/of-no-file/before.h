extern struct lamp lamps[];
extern int lit;
