#include "core/kernel/kernels.hpp"

#include <atomic>

#include "core/kernel/tables.hpp"

namespace mmm {

namespace {

InstructionSet best_set() {
    for (const InstructionSet set : {InstructionSet::x86_64_v4, InstructionSet::x86_64_v3, InstructionSet::x86_64_v2})
        if (kernels_of(set) != nullptr) return set;
    return InstructionSet::portable;
}

std::atomic<const Kernels*>& chosen() {
    static std::atomic<const Kernels*> table{kernels_of(best_set())};
    return table;
}

}  // namespace

const Kernels* kernels_of(InstructionSet set) {
#ifdef __x86_64__
    // What the operating system saves of the registers is looked at as well.
    switch (set) {
        case InstructionSet::x86_64_v2: return __builtin_cpu_supports("x86-64-v2") ? &v2::table : nullptr;
        case InstructionSet::x86_64_v3: return __builtin_cpu_supports("x86-64-v3") ? &v3::table : nullptr;
        case InstructionSet::x86_64_v4: return __builtin_cpu_supports("x86-64-v4") ? &v4::table : nullptr;
        case InstructionSet::portable: break;
    }
#endif
    return set == InstructionSet::portable ? &portable::table : nullptr;
}

const Kernels& kernels() { return *chosen().load(std::memory_order_relaxed); }

bool use_instruction_set(InstructionSet set) {
    const Kernels* table = kernels_of(set);
    if (table != nullptr) chosen().store(table, std::memory_order_relaxed);
    return table != nullptr;
}

void use_best_instruction_set() { use_instruction_set(best_set()); }

const char* name_of(InstructionSet set) {
    switch (set) {
        case InstructionSet::portable: return "portable";
        case InstructionSet::x86_64_v2: return "x86-64-v2";
        case InstructionSet::x86_64_v3: return "x86-64-v3";
        case InstructionSet::x86_64_v4: return "x86-64-v4";
    }
    return "";
}

}  // namespace mmm
