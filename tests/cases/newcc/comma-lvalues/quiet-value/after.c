#define trylock(cpu)	((void)(cpu), count(cpu) == 0)
