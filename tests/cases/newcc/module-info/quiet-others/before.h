/* __asm__(".section .modinfo\n\t.previous"); */
__asm__(".section .modinfo,\"a\"\n\t.previous");
const char __module_author[] __attribute__((section(".modinfo"))) = "author=me";
static const char __module_license[] __attribute_used__ __attribute__((section(".modinfo"))) = "";
static const char lamp_version[] __attribute__((unused)) = "1";
static const char __module_lamp[] __attribute__((section(".modinfo"), used)) = "";
