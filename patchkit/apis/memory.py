"""The kernel's own names for getting, translating and mapping memory.

What a name means is the same over the years; where an argument moved, both places are told apart by
the prototype (``remap_page_range`` got its vma in 2.5.3).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allocator:
    """A function that hands out memory.

    ``order`` is the argument with the order, ``size`` the one with the size in bytes (from 0);
    neither means one page. ``scattered`` memory is made of single pages, each with its own count.
    ``bus`` is the argument through which a bus address comes back.
    """

    name: bytes
    order: int | None = None
    size: int | None = None
    scattered: bool = False
    bus: int | None = None


ALLOCATORS: dict[bytes, Allocator] = {
    allocator.name: allocator
    for allocator in (
        Allocator(b"__get_free_pages", order=1),
        Allocator(b"__get_dma_pages", order=1),
        Allocator(b"alloc_pages", order=1),
        Allocator(b"alloc_pages_node", order=2),
        Allocator(b"__get_free_page"),
        Allocator(b"get_free_page"),
        Allocator(b"get_zeroed_page"),
        Allocator(b"__get_dma_page"),
        Allocator(b"alloc_page"),
        Allocator(b"vmalloc", size=0, scattered=True),
        Allocator(b"vmalloc_32", size=0, scattered=True),
        Allocator(b"vmalloc_dma", size=0, scattered=True),
        Allocator(b"kmalloc", size=0),
        Allocator(b"pci_alloc_consistent", size=1, bus=2),
        Allocator(b"dma_alloc_coherent", size=1, bus=2),
        Allocator(b"dma_alloc_noncoherent", size=1, bus=2),
        Allocator(b"consistent_alloc", size=1, bus=2),
        Allocator(b"bigphysarea_alloc_pages", size=0),
        Allocator(b"alloc_bootmem", size=0),
        Allocator(b"alloc_bootmem_pages", size=0),
        Allocator(b"alloc_bootmem_low_pages", size=0),
    )
}

# The same memory under another name: page, physical, bus, kernel-virtual, byte order.
TRANSLATIONS = frozenset(
    (
        b"virt_to_page", b"virt_to_phys", b"virt_to_bus", b"phys_to_virt", b"bus_to_virt",
        b"__virt_to_phys", b"__phys_to_virt", b"__virt_to_bus", b"__bus_to_virt",
        b"__pa", b"__va", b"MAP_NR", b"page_address", b"pte_page", b"page_to_phys",
        b"page_to_pfn", b"pfn_to_page", b"page_to_bus", b"vmalloc_to_page", b"vmalloc_to_pfn",
        b"kvirt_to_pa", b"kvirt_to_bus", b"uvirt_to_kva", b"uvirt_to_pa", b"uvirt_to_bus",
        b"VMALLOC_VMADDR", b"PAGE_ALIGN", b"ALIGN", b"cpu_to_le32", b"le32_to_cpu",
        b"cpu_to_be32", b"be32_to_cpu", b"cpu_to_dma32", b"ia64_tpa",
    )
)  # fmt: skip

# What shows memory to user space, with its physical address before the vma became an argument.
# remap_pfn_range() was born with the vma (2.6.9-rc4).
REMAPS: dict[bytes, int] = {
    b"remap_page_range": 1,
    b"io_remap_page_range": 1,
    b"remap_pfn_range": 1,
    b"io_remap_pfn_range": 1,
}

# What gives memory back, with the argument that names it.
FREES: dict[bytes, int] = {
    b"kfree": 0,
    b"vfree": 0,
    b"free_page": 0,
    b"free_pages": 0,
    b"__free_page": 0,
    b"__free_pages": 0,
    b"pci_free_consistent": 2,
    b"dma_free_coherent": 2,
    b"bigphysarea_free_pages": 0,
}

# Addresses go in and nothing that matters here comes out. What ioremap() gives is another mapping.
END_OF_THE_ROAD = frozenset(
    (
        b"memset", b"memcpy", b"memmove", b"memcmp", b"strcpy", b"strncpy", b"sprintf", b"printk",
        b"panic", b"copy_to_user", b"copy_from_user", b"__copy_to_user", b"__copy_from_user",
        b"put_user", b"get_user", b"memcpy_fromio", b"memcpy_toio", b"clear_page", b"copy_page",
        b"inb", b"inw", b"inl", b"outb", b"outw", b"outl", b"readb", b"readw", b"readl",
        b"writeb", b"writew", b"writel", b"insb", b"insw", b"insl", b"outsb", b"outsw", b"outsl",
        b"ioremap", b"__ioremap", b"ioremap_nocache", b"iounmap", b"flush_dcache_page",
        b"atomic_inc", b"atomic_dec", b"set_bit", b"clear_bit", b"test_bit", b"get_page",
        b"put_page", b"mem_map_reserve", b"mem_map_unreserve", b"SetPageReserved",
        b"ClearPageReserved", b"PageReserved", b"get_order", b"min", b"max", b"up", b"down",
        b"spin_lock", b"spin_unlock", b"wake_up", b"set_dma_addr", b"access_ok", b"verify_area",
    )
)  # fmt: skip

VMA = b"vm_area_struct"
VM_OPERATIONS = b"vm_operations_struct"
