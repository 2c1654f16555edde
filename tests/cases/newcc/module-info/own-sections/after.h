#define SAY_AUTHOR(name) \
const char __module_author[] __attribute__((section(".modinfo"))) = "author=" name
__asm__(".section .modinfo,\"a\"\n\t.previous");
static const char __module_kernel_version[] __attribute__((section(".modinfo"), used)) =
"kernel_version=" UTS_RELEASE;
#define SAY_LICENSE(license) \
static const char __module_license[] __attribute__((section(".modinfo"), used)) = \
"license=" license
#define NO_SYMBOLS  __asm__(".section __ksymtab,\"a\"\n.previous")
