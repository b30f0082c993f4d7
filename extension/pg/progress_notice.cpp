#include "pg/progress_notice.hpp"

#include "pg/encoding.hpp"
#include "pg/settings.hpp"

namespace mmm::pg {

namespace {

struct Totals {
    std::int64_t iteration = 0, total = 0, divergences = 0;
};

Totals add_up(const ChainProgress* chains, int n_chains) {
    Totals sum;
    for (int i = 0; i < n_chains; ++i) {
        sum.iteration += chains[i].iteration.load(std::memory_order_relaxed);
        sum.total += chains[i].total.load(std::memory_order_relaxed);
        sum.divergences += chains[i].divergences.load(std::memory_order_relaxed);
    }
    return sum;
}

void notify(const std::string& line) {
    const char* utf8 = line.c_str();
    guarded([&] { ereport(NOTICE, errmsg_internal("%s", server_text(utf8))); });
}

}  // namespace

void ProgressNotice::update(Phase overall, const ChainProgress* chains, int n_chains) {
    if (progress_report() != ProgressReport::notice) return;
    const Totals sum = add_up(chains, n_chains);
    const int tenths = sum.total == 0 ? 0 : static_cast<int>(10 * sum.iteration / sum.total);
    const auto now = std::chrono::steady_clock::now();
    const bool new_phase = phase_ != overall;
    const bool further = tenths > tenths_ && now - last_ >= std::chrono::seconds(1);
    if (!new_phase && !further) return;
    std::string line = "mmm_fit of " + model_ + ": " + phase_name(overall);
    if (overall == Phase::warmup || overall == Phase::sampling)
        line += ", " + std::to_string(10 * tenths) + " % of " + std::to_string(n_chains) + " chains, " +
                std::to_string(sum.divergences) + " divergences";
    notify(line);
    phase_ = overall;
    tenths_ = tenths;
    last_ = now;
}

}  // namespace mmm::pg
