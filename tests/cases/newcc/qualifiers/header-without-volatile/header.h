extern struct timeval xtime;
extern unsigned long volatile jiffies;
