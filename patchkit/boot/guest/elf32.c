/* An object file of i386: its sections laid out, copied and relocated. */
#include "sys.h"
#include "elf32.h"

#ifdef __i386__

struct header {
	unsigned char ident[16];
	unsigned short type, machine;
	ulong version, entry, program_headers, section_headers, flags;
	unsigned short size, program_size, programs, section_size, sections, names;
};

struct relocation {
	ulong offset, info;
};

#define SYMBOLS 2 /* types of sections */
#define EMPTY 8
#define RELOCATIONS 9
#define IN_MEMORY 2 /* a flag of sections */

ulong elf_reserve(struct object *o, ulong size, ulong alignment)
{
	ulong at;

	if (alignment < 4)
		alignment = 4;
	at = (o->size + alignment - 1) & ~(alignment - 1);
	o->size = at + size;
	return at;
}

int elf_opened(struct object *o, ulong length)
{
	struct header *header = (struct header *)o->file;
	int at;

	if (length < sizeof(*header) || !begins(o->file, "\177ELF\1") || header->type != 1 ||
	    header->section_headers + header->sections * sizeof(struct section) > length)
		return 0;
	o->sections = (struct section *)(o->file + header->section_headers);
	o->count = header->sections;
	for (at = 0; at < o->count; at++)
		if (o->sections[at].type == SYMBOLS) {
			o->symbols = (struct symbol *)(o->file + o->sections[at].offset);
			o->symbol_count = o->sections[at].size / sizeof(struct symbol);
			o->strings = o->file + o->sections[o->sections[at].link].offset;
		}
	return o->symbols != NULL;
}

struct section *elf_section(struct object *o, const char *name)
{
	struct header *header = (struct header *)o->file;
	const char *names = o->file + o->sections[header->names].offset;
	int at;

	for (at = 1; at < o->count; at++)
		if (same(names + o->sections[at].name, name))
			return &o->sections[at];
	return NULL;
}

void elf_lay_out(struct object *o)
{
	struct symbol *symbol = o->symbols;
	int at;

	for (at = 1; at < o->count; at++)
		if (o->sections[at].flags & IN_MEMORY)
			o->sections[at].address = elf_reserve(o, o->sections[at].size,
							  o->sections[at].alignment);
	for (at = 0; at < o->symbol_count; at++, symbol++)
		if (symbol->section == COMMON)
			symbol->value = elf_reserve(o, symbol->size, symbol->value);
}

static int relocate(struct object *o, struct section *relocations)
{
	struct section *target = &o->sections[relocations->info];
	struct relocation *one = (struct relocation *)(o->file + relocations->offset);
	ulong left = relocations->size / sizeof(*one), value, *place;

	for (; left > 0; left--, one++) {
		value = o->symbols[one->info >> 8].value;
		place = (ulong *)(o->copy + target->address + one->offset);
		switch (one->info & 0xff) {
		case 1: /* R_386_32 */
			*place += value;
			break;
		case 2: /* R_386_PC32 */
		case 4: /* R_386_PLT32, the same without a procedure table */
			*place += value - (o->base + target->address + one->offset);
			break;
		default:
			return 0;
		}
	}
	return 1;
}

int elf_copied(struct object *o)
{
	struct section *section;
	int at;

	for (at = 1; at < o->count; at++) {
		section = &o->sections[at];
		if (section->flags & IN_MEMORY && section->type != EMPTY)
			memcpy(o->copy + section->address, o->file + section->offset, section->size);
	}
	for (at = 1; at < o->count; at++) {
		section = &o->sections[at];
		if (section->type == RELOCATIONS &&
		    o->sections[section->info].flags & IN_MEMORY && !relocate(o, section))
			return 0;
	}
	return 1;
}
#endif
