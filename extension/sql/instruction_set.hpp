// The setting mmm.instruction_set: which of the engine's kernels this backend uses.
#pragma once

namespace mmm::sql {

void define_instruction_set();  // from _PG_init

}  // namespace mmm::sql
