if_lamp = $(if $(strip $(wildcard $?) $(filter-out $(cmd_$(1)),$(cmd_$@))),\
	@set -e; $(cmd_$(1)))
if_lamp_rule = $(if $(strip $(wildcard $?) \
		$(filter-out $(cmd_$@),$(cmd_$(1)))),$(rule_$(1)))
