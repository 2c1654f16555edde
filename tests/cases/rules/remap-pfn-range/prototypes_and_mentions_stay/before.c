extern int remap_page_range(unsigned long from, unsigned long to, unsigned long size, pgprot_t prot);
EXPORT_SYMBOL(remap_page_range);
/* remap_page_range(a, b, c, d) */
char *s = "remap_page_range(a, b, c, d)";
int io_remap_page_range2(int x);
