/* What the probe (probe/patchkit_probe.c) is asked. */
#define PAGES 4
#define MANY 256
#define ROW_VMALLOC 1
#define ROW_PAGES 2
#define ROW_VMA 4
#define ROW_NOPAGE 8
#define ROW_LOCKED 16
#define DO_SETUP 1
#define DO_COUNT 2
#define DO_BYTE 3
#define DO_REMAPPED 4
#define DO_FAULTS 5
#define DO_PTES 6
#define DO_TEARDOWN 7
#define DO_NATIVE 8
