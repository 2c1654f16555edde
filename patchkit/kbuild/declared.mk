# Prints what kbuild would compile, one "gcc -c SOURCE -o OBJECT" a line, and behind these each
# module, "patchkit-module OBJECT : PARTS": `make -n` of a Kconfig tree needs the host's programs
# built, and stops. Made by patchkit, run as
#     make -f .patchkit-declared.mk [patchkit-folders=FOLDERS] patchkit-declared

ifeq ($(obj),)
# later Makefiles begin with folders that they do not name: these are given
ifeq ($(patchkit-folders),)
include Makefile
patchkit-folders := $(sort $(SUBDIRS) $(vmlinux-dirs))
endif

.PHONY: patchkit-declared
patchkit-declared:
	@$(foreach folder,$(patchkit-folders),$(MAKE) -s -f .patchkit-declared.mk obj=$(folder) patchkit-declared;)
	@for source in arch/$(ARCH)/boot/*.[cS] arch/$(ARCH)/boot/compressed/*.[cS] \
		arch/$(ARCH)/boot/tools/*.c arch/$(ARCH)/kernel/asm-offsets.c usr/*.S; do \
		test ! -f $$source || echo "gcc -c $$source -o $${source%.?}.o"; done
else
srctree := .
TOPDIR := $(CURDIR)
src := $(obj)
-include .config
include $(firstword $(wildcard $(obj)/Kbuild $(obj)/Makefile))

wanted := $(sort $(obj-y) $(obj-m) $(lib-y) $(lib-m) $(extra-y) $(EXTRA_TARGETS) $(filter %.o,$(targets)))
parts := $(foreach one,$(wanted:.o=),$($(one)-objs) $($(one)-y) $($(one)-m))
objects := $(addprefix $(obj)/,$(sort $(filter %.o,$(wanted) $(parts))))
sources := $(wildcard $(objects:.o=.c) $(objects:.o=.S))
modules := $(sort $(filter %.o,$(filter-out $(obj-y) $(lib-y),$(obj-m))))
folders := $(sort $(filter %/,$(wanted) $(parts)) $(subdir-y) $(subdir-m))

.PHONY: patchkit-declared
patchkit-declared:
	@$(foreach source,$(sources),echo "gcc -c $(source) -o $(basename $(source)).o";)
	@$(foreach one,$(modules),echo "patchkit-module $(obj)/$(one) :" $(addprefix $(obj)/,$(filter %.o,$($(one:.o=-objs)) $($(one:.o=-y)) $($(one:.o=-m))));)
	@$(foreach folder,$(folders:/=),$(MAKE) -s -f .patchkit-declared.mk obj=$(obj)/$(folder) patchkit-declared;)
endif
