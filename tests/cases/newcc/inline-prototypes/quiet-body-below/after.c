static inline int lamp_on(struct lamp *);
extern int lamp_off(struct lamp *);

static inline int lamp_on(struct lamp *lamp)
{
	return lamp_off(lamp);
}
