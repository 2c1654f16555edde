/* An object file of i386 in memory, and what insmod() makes of it. */
#ifndef PATCHKIT_ELF32_H
#define PATCHKIT_ELF32_H

struct section {
	ulong name, type, flags, address, offset, size, link, info, alignment, entry_size;
};

struct symbol {
	ulong name, value, size;
	unsigned char info, other;
	unsigned short section;
};

#define UNDEFINED 0 /* sections of symbols */
#define ABSOLUTE 0xfff1
#define COMMON 0xfff2
#define IS_GLOBAL(symbol) ((symbol)->info >> 4 == 1)
#define IS_WEAK(symbol) ((symbol)->info >> 4 == 2)

struct object {
	const char *name;
	char *file;
	struct section *sections;
	int count;
	struct symbol *symbols;
	int symbol_count;
	const char *strings;
	ulong size; /* of the module in memory, so far */
	ulong base;
	char *copy; /* of what will be at base */
};

/* Fills in all but name, file and size; 0 where the file, of LENGTH bytes, is no such object. */
int elf_opened(struct object *o, ulong length);
struct section *elf_section(struct object *o, const char *name);
/* So many bytes more of the module in memory: their offset. */
ulong elf_reserve(struct object *o, ulong size, ulong alignment);
/* Gives each section and each common symbol its offset. */
void elf_lay_out(struct object *o);
/* Copies the sections and applies their relocations, once the symbols' values are addresses;
 * 0 where there is one of a kind that is not of 2.4's compilers or linkers. */
int elf_copied(struct object *o);

#endif
