#include "pg/settings.hpp"

#include <thread>

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
    MarkGUCPrefixReserved("mmm");  // of whatever was not defined until here
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
