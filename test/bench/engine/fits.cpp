// What whole fits cost: one line of JSON for each of the peers' models, 4 chains on as many threads as there are cores, each in
// a process of its own, whose highest resident size is the fit's.
//
//   fits [WARMUP DRAWS]      default: 1000 1000
//   fits csv MODEL           the rows of one of them
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "models.hpp"

namespace mmm::bench {
namespace {

double seconds_of(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); }

double gradient_seconds(const Model& model, const Table& table) {
    const Prepared p = prepare(model, table);
    Posterior posterior(p.data);
    RandomStream random(1, 0, 0, stream::start);
    const Vec u = posterior.initial_point(random);
    Vec d(u.size());
    double best = 1e9;
    for (int round = 0; round < 20; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 50; ++i) posterior.evaluate(u, d);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / 50);
    }
    return best;
}

struct Worst {
    double rhat = 0, ess_bulk = 1e300, ess_tail = 1e300, median_ess = 0;
};

Worst worst_of(const FittedModel& model) {
    Worst worst;
    std::vector<double> ess;
    for (int p = 0; p < model.layout.size(); ++p) {
        if (!model.layout.at(p).sampled()) continue;
        const Convergence& c = model.convergence[static_cast<std::size_t>(p)];
        worst.rhat = std::max(worst.rhat, c.rhat);
        worst.ess_bulk = std::min(worst.ess_bulk, c.ess_bulk);
        worst.ess_tail = std::min(worst.ess_tail, c.ess_tail);
        ess.push_back(c.ess_bulk);
    }
    std::nth_element(ess.begin(), ess.begin() + static_cast<std::ptrdiff_t>(ess.size() / 2), ess.end());
    worst.median_ess = ess[ess.size() / 2];
    return worst;
}

void measure(const Model& model, const Table& table, int warmup, int draws) {
    // Before the fit, while nothing else runs.
    const double gradient = gradient_seconds(model, table);
    Specification spec = *parse_specification(model.spec);
    spec.sampler.warmup = warmup;
    spec.sampler.draws = draws;
    Host host;
    host.max_threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    host.wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); };
    rusage before{}, after{};
    getrusage(RUSAGE_SELF, &before);
    const auto begin = std::chrono::steady_clock::now();
    const auto fitted = fit(spec, table, host);
    const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    getrusage(RUSAGE_SELF, &after);
    const double cpu = seconds_of(after.ru_utime) + seconds_of(after.ru_stime) - seconds_of(before.ru_utime) - seconds_of(before.ru_stime);
    const Worst worst = worst_of(*fitted);
    const double gradients = static_cast<double>(fitted->sampler.gradients), kept = static_cast<double>(fitted->total_draws());
    std::printf("{\"group\": \"fit\", \"name\": \"%s\", \"parameters\": %d, \"chains\": %d, \"warmup\": %d, \"draws\": %d, \"wall_s\": %.4f, "
                "\"cpu_s\": %.4f, \"min_ess_bulk\": %.1f, \"min_ess_tail\": %.1f, \"median_ess_bulk\": %.1f, \"max_rhat\": %.5f, "
                "\"divergences\": %lld, \"min_ess_per_s\": %.2f, \"median_ess_per_s\": %.2f, \"gradients_per_draw\": %.1f, "
                "\"gradient_us\": %.3f, \"gradients_s\": %.4f, \"ratio\": %.3f, \"peak_mb\": %.1f}\n",
                model.name.c_str(), fitted->layout.sampled(), fitted->chains, warmup, draws, wall, cpu, worst.ess_bulk, worst.ess_tail,
                worst.median_ess, worst.rhat, static_cast<long long>(fitted->sampler.divergences), worst.ess_bulk / wall,
                worst.median_ess / wall, gradients / kept, 1e6 * gradient, gradients * gradient, cpu / (gradients * gradient),
                static_cast<double>(after.ru_maxrss) / 1024);
    std::fflush(stdout);
}

// For peers: the rows of a model, under the names that its specification uses.
int print_csv(const std::string& name) {
    for (const auto& model : peers_models()) {
        if (model.name != name) continue;
        const Table table = *table_of(model);
        for (std::size_t c = 0; c < table.columns.size(); ++c) std::printf("%s%s", c > 0 ? "," : "", table.columns[c].name.c_str());
        for (std::size_t row = 0; row < table.rows(); ++row)
            for (std::size_t c = 0; c < table.columns.size(); ++c)
                std::printf("%s%.17g", c > 0 ? "," : "\n", table.columns[c].values[row]);
        std::printf("\n");
        return 0;
    }
    std::fprintf(stderr, "no model is called %s\n", name.c_str());
    return 1;
}

}  // namespace
}  // namespace mmm::bench

int main(int argc, char** argv) {
    using namespace mmm::bench;
    if (argc == 3 && std::string(argv[1]) == "csv") return print_csv(argv[2]);
    const int warmup = argc > 2 ? std::atoi(argv[1]) : 1000, draws = argc > 2 ? std::atoi(argv[2]) : 1000;
    int failed = 0;
    for (const auto& model : peers_models()) {
        const auto table = table_of(model);
        if (!table) {
            std::fprintf(stderr, "%s is not there: skipped\n", model.file.c_str());
            continue;
        }
        const pid_t child = fork();
        if (child == 0) {
            measure(model, *table, warmup, draws);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) ++failed;
    }
    return failed;
}
