#include "sql/instruction_set.hpp"

#include "core/kernel/kernels.hpp"

#include "pg/pg.hpp"

namespace mmm::sql {

namespace {

constexpr int best_set = -1;
int instruction_set = best_set;

const config_enum_entry set_choices[] = {{"auto", best_set, false},
                                         {"portable", static_cast<int>(InstructionSet::portable), false},
                                         {"x86-64-v2", static_cast<int>(InstructionSet::x86_64_v2), false},
                                         {"x86-64-v3", static_cast<int>(InstructionSet::x86_64_v3), false},
                                         {"x86-64-v4", static_cast<int>(InstructionSet::x86_64_v4), false},
                                         {nullptr, 0, false}};

bool check_set(int* wanted, void**, GucSource) {
    if (*wanted == best_set || kernels_of(static_cast<InstructionSet>(*wanted)) != nullptr) return true;
    GUC_check_errdetail("This processor does not run %s.", name_of(static_cast<InstructionSet>(*wanted)));
    GUC_check_errhint("Use auto, or a set of fewer instructions.");
    return false;
}

// Never while a fit's threads run: the leader waits for them before anything, an error too, goes on.
void assign_set(int wanted, void*) {
    if (wanted == best_set) use_best_instruction_set();
    else use_instruction_set(static_cast<InstructionSet>(wanted));
}

}  // namespace

void define_instruction_set() {
    DefineCustomEnumVariable("mmm.instruction_set", "Processor instructions that models are computed with.",
                             "auto uses the widest that the processor has. Fits of one seed differ between sets by rounding; naming one "
                             "makes servers with different processors agree.",
                             &instruction_set, best_set, set_choices, PGC_USERSET, 0, check_set, assign_set, nullptr);
}

}  // namespace mmm::sql
