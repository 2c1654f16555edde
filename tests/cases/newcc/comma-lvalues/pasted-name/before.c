#define counter(name, cpu)	((void)cpu, per_cpu_##name)
