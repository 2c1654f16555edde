/*
 * init_module(2) since 2.5.48 takes the object file and links it. Before, the user's insmod did
 * that: it asked the kernel for its symbols and for an address, relocated the module to there, and
 * put the struct module of that kernel in front.
 */
#include "sys.h"
#include "insmod.h"
#include "elf32.h"

#ifdef __x86_64__
/* no tree that old is built for it */
long insmod(const char *name, char *object, ulong size, const char **missing)
{
	return sys3(init_module, object, size, "");
}
#else

/* struct module of 2.2: its words, as all later trees have them; what these have behind them
 * stays 0 */
enum { SIZE_OF_STRUCT, NEXT, NAME, SIZE, USE_COUNT, FLAGS, SYMBOL_COUNT, DEPENDENCY_COUNT,
       SYMBOL_TABLE, DEPENDENCIES, REFERENCES, INIT, CLEANUP, EXCEPTIONS, EXCEPTIONS_END,
       PERSIST, PERSIST_END, CAN_UNLOAD, WORDS };
#define ROOM_FOR_STRUCT 256
#define QM_SYMBOLS 4
#define MOST_TABLES 513

/* What the kernel, and then each module, gives to others: pairs of a value and a name's offset. */
static struct table {
	ulong module, *pairs, count;
	int used;
} tables[MOST_TABLES];
static int table_count;

static int take_table(const char *name, ulong module)
{
	ulong room = 512 * 1024, count = 0;
	struct table *table = &tables[table_count];
	char *at;

	if (table_count == MOST_TABLES)
		return -12;
	at = map(NULL, room, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return -12;
	if (syscall5(SYS_query_module, (long)name, QM_SYMBOLS, (long)at, room, (long)&count) < 0)
		return -8;
	table->module = module;
	table->pairs = (ulong *)at;
	table->count = count;
	table_count++;
	return 0;
}

static int look_up(const char *name, ulong *value)
{
	struct table *table;
	ulong at;

	for (table = tables + table_count - 1; table >= tables; table--)
		for (at = 0; at < table->count; at++)
			if (same((char *)table->pairs + table->pairs[2 * at + 1], name)) {
				*value = table->pairs[2 * at];
				table->used = 1;
				return 1;
			}
	return 0;
}

/* Makes the values of all symbols addresses; the name of one that nothing defines, or NULL. */
static const char *resolve(struct object *o)
{
	struct symbol *symbol = o->symbols;
	const char *name;
	int at;

	for (at = 1, symbol++; at < o->symbol_count; at++, symbol++) {
		name = o->strings + symbol->name;
		if (symbol->section == COMMON)
			symbol->value += o->base;
		else if (symbol->section == UNDEFINED && same(name, "__this_module"))
			symbol->value = o->base;
		else if (symbol->section == UNDEFINED) {
			if (!look_up(name, &symbol->value) && !IS_WEAK(symbol))
				return name;
		} else if (symbol->section != ABSOLUTE)
			symbol->value += o->base + o->sections[symbol->section].address;
	}
	return NULL;
}

/* What the module gives to others: its table, or without one all its global symbols. */
static void export(struct object *o, ulong *words, ulong table)
{
	struct section *made = elf_section(o, "__ksymtab");
	ulong *pair = (ulong *)(o->copy + table);
	char *names = (char *)(pair + 2 * o->symbol_count);
	int at;

	if (made) {
		words[SYMBOL_TABLE] = o->base + made->address;
		words[SYMBOL_COUNT] = made->size / 8;
		return;
	}
	words[SYMBOL_TABLE] = o->base + table;
	for (at = 1; at < o->symbol_count; at++) {
		struct symbol *symbol = &o->symbols[at];
		const char *name = o->strings + symbol->name;

		if (!IS_GLOBAL(symbol) || symbol->section == UNDEFINED)
			continue;
		memcpy(names, name, length(name) + 1);
		*pair++ = symbol->value;
		*pair++ = o->base + (names - o->copy);
		names += length(name) + 1;
		words[SYMBOL_COUNT]++;
	}
}

static void depend(struct object *o, ulong *words, ulong table)
{
	ulong *reference = (ulong *)(o->copy + table);
	int at;

	words[DEPENDENCIES] = o->base + table;
	for (at = 0; at < table_count; at++)
		if (tables[at].module && tables[at].used) {
			*reference = tables[at].module;
			reference += 3;
			words[DEPENDENCY_COUNT]++;
		}
}

static void describe(struct object *o, ulong exports, ulong dependencies)
{
	ulong *words = (ulong *)o->copy;
	struct section *exceptions = elf_section(o, "__ex_table");
	int at;

	memcpy(o->copy + ROOM_FOR_STRUCT, o->name, length(o->name) + 1);
	words[SIZE_OF_STRUCT] = WORDS * sizeof(ulong);
	words[NAME] = o->base + ROOM_FOR_STRUCT;
	words[SIZE] = o->size;
	for (at = 1; at < o->symbol_count; at++)
		if (o->symbols[at].section != UNDEFINED) {
			if (same(o->strings + o->symbols[at].name, "init_module"))
				words[INIT] = o->symbols[at].value;
			if (same(o->strings + o->symbols[at].name, "cleanup_module"))
				words[CLEANUP] = o->symbols[at].value;
		}
	if (exceptions) {
		words[EXCEPTIONS] = o->base + exceptions->address;
		words[EXCEPTIONS_END] = words[EXCEPTIONS] + exceptions->size;
	}
	export(o, words, exports);
	depend(o, words, dependencies);
}

static long linked(struct object *o, const char **missing)
{
	ulong exports, dependencies, names = 0;
	long result;
	int at;

	for (at = 0; at < table_count; at++)
		tables[at].used = 0;
	o->size = ROOM_FOR_STRUCT + length(o->name) + 1;
	elf_lay_out(o);
	for (at = 1; at < o->symbol_count; at++)
		names += length(o->strings + o->symbols[at].name) + 1;
	exports = elf_reserve(o, o->symbol_count * 8 + names, 4);
	dependencies = elf_reserve(o, (table_count + 1) * 12, 4);
	result = sys2(create_module, o->name, o->size);
	if (FAILED(result))
		return result;
	o->base = result;
	o->copy = map(NULL, o->size, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*missing = o->copy == MAP_FAILED ? NULL : resolve(o);
	if (*missing)
		result = -2;
	else if (o->copy == MAP_FAILED || !elf_copied(o))
		result = -8;
	else {
		describe(o, exports, dependencies);
		result = sys2(init_module, o->name, o->copy);
	}
	if (result < 0)
		sys1(delete_module, o->name);
	if (o->copy != MAP_FAILED)
		sys2(munmap, o->copy, o->size);
	return result;
}

long insmod(const char *name, char *object, ulong size, const char **missing)
{
	struct object o = { name, object };
	long result;

	/* later kernels have no such call */
	if (syscall5(SYS_query_module, 0, 0, 0, 0, 0) < 0)
		return sys3(init_module, object, size, "");
	if (!table_count && take_table(NULL, 0) < 0)
		return -8;
	if (!elf_opened(&o, size))
		return -8;
	result = linked(&o, missing);
	return result < 0 ? result : take_table(name, o.base);
}
#endif
