"""The rewrite rules, in the order in which they are applied to a file."""

from __future__ import annotations

from patchkit.kbuild.newcc import (
    accessor_macros,
    array_parameters,
    asm_memory_clobber,
    asm_read_output,
    asm_segment_move,
    asm_word_operand,
    assigning_macros,
    bare_designators,
    bare_labels,
    block_declarations,
    cast_lvalues,
    comma_lvalues,
    compiler_options,
    early_arrays,
    extern_then_static,
    fastcall_definitions,
    function_names,
    idle_pasting,
    init_constants,
    inline_prototypes,
    late_statics,
    link_scripts,
    program_headers,
    program_words,
    qualifiers,
    raw_newlines,
    regparm_zero,
    spaced_appends,
    static_definitions,
    traditional_macros,
)
from patchkit.kbuild.newcc.rule import Rule

# For C and assembler. Each rule reads what the ones before it wrote.
SOURCE_RULES: tuple[Rule, ...] = (
    raw_newlines.RULE,
    asm_segment_move.RULE,
    asm_word_operand.RULE,
    asm_read_output.RULE,
    asm_memory_clobber.RULE,
    cast_lvalues.RULE,
    comma_lvalues.RULE,
    assigning_macros.RULE,
    accessor_macros.RULE,
    init_constants.RULE,
    bare_labels.RULE,
    bare_designators.RULE,
    array_parameters.RULE,
    early_arrays.RULE,
    fastcall_definitions.RULE,
    regparm_zero.RULE,
    inline_prototypes.RULE,
    # an extern in a block must be out of it before it can say static
    block_declarations.RULE,
    extern_then_static.RULE,
    late_statics.RULE,
    static_definitions.RULE,
    qualifiers.RULE,
    function_names.RULE,
    idle_pasting.RULE,
    program_headers.RULE,
    program_words.RULE,
)
# For Makefiles and linker scripts.
BUILD_RULES: tuple[Rule, ...] = (
    link_scripts.RULE,
    traditional_macros.RULE,
    compiler_options.RULE,
    spaced_appends.RULE,
)
