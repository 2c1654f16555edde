extern  int lamp_on(struct lamp *, int);
extern  void FASTCALL(lamp_off(struct lamp *));
extern  u32 lamp_read(struct lamp *lamp,
				int number);
