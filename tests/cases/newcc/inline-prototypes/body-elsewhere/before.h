extern inline int lamp_on(struct lamp *, int);
extern inline void FASTCALL(lamp_off(struct lamp *));
extern __inline__ u32 lamp_read(struct lamp *lamp,
				int number);
