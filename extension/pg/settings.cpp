#include "pg/settings.hpp"

#include <thread>

#include "core/kernel/kernels.hpp"

namespace mmm::pg {

namespace {

constexpr int default_memory_kb = 1024 * 1024;
constexpr int most_threads = 1024;

int memory_kb = default_memory_kb;
int threads = 0;
int report = static_cast<int>(ProgressReport::off);

const config_enum_entry report_choices[] = {{"off", static_cast<int>(ProgressReport::off), false},
                                            {"notice", static_cast<int>(ProgressReport::notice), false},
                                            {nullptr, 0, false}};

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

// Between statements, while no fit runs.
void assign_set(int wanted, void*) {
    if (wanted == best_set) use_best_instruction_set();
    else use_instruction_set(static_cast<InstructionSet>(wanted));
}

}  // namespace

void define_settings() {
    DefineCustomIntVariable("mmm.max_memory", "Largest amount of memory that one fit may use.",
                            "A fit estimates what it needs before it starts and refuses above this limit.", &memory_kb,
                            default_memory_kb, 1024, INT_MAX, PGC_SUSET, GUC_UNIT_KB, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("mmm.max_threads", "Largest number of threads that one fit may use.",
                            "0 means as many as the server has cores.", &threads, 0, 0, most_threads, PGC_SUSET, 0,
                            nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("mmm.progress", "How a fit tells its own client how far it is.",
                             "notice sends a NOTICE at each phase and about every 10 %.", &report,
                             static_cast<int>(ProgressReport::off), report_choices, PGC_USERSET, 0, nullptr, nullptr,
                             nullptr);
    DefineCustomEnumVariable("mmm.instruction_set", "Processor instructions that fits use.",
                             "auto uses the widest that the processor has. Fits of one seed differ between sets by rounding; naming one "
                             "makes servers with different processors agree.",
                             &instruction_set, best_set, set_choices, PGC_USERSET, 0, check_set, assign_set, nullptr);
    MarkGUCPrefixReserved("mmm");
}

std::int64_t max_memory_bytes() {
    return std::int64_t{memory_kb} * 1024;
}

int max_threads() {
    if (threads > 0) return threads;
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ProgressReport progress_report() {
    return static_cast<ProgressReport>(report);
}

}  // namespace mmm::pg
