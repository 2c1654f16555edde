static void keep(unsigned long addr)
{
#if LINUX_VERSION_CODE >= 0x020400
	mem_map_reserve(virt_to_page(addr));
#else
	mem_map_reserve(MAP_NR(addr));
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(2,3,0) && defined(MODULE)
	mem_map_unreserve(MAP_NR(addr));
#endif
#ifdef CONFIG_SOMETHING
	mem_map_unreserve(virt_to_page(addr));
#endif
#if 0
	mem_map_unreserve(virt_to_page(addr));
#endif
}
