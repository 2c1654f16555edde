#define STAT(cpu, m)	((void)(cpu), irq_stat[0].m)
