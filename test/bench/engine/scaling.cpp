// How time and memory grow with the data: one line of JSON for each size of a simulated panel, each in a process of its own.
// Time of a gradient and of its rows, and the highest resident size of a short fit of 4 chains.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "core/api.hpp"
#include "models.hpp"

namespace mmm::bench {
namespace {

struct Size {
    int geos, weeks, channels;
};

// Each of the three grows alone, then all of them together; the smallest is 1,560 cells, the largest a hundred times that and more.
constexpr Size sizes[] = {{10, 52, 3},  {20, 52, 3},   {50, 52, 3},   {100, 52, 3},  {10, 104, 3}, {10, 260, 3}, {10, 520, 3},
                          {10, 52, 6},  {10, 52, 15},  {10, 52, 30},  {20, 104, 6},  {40, 156, 8}, {50, 156, 15}, {100, 156, 10},
                          {150, 208, 12}};

Model model_of(const Size& size) {
    std::string media;
    for (int m = 0; m < size.channels; ++m) {
        const std::string channel = "m" + std::to_string(m);
        media += (m > 0 ? ", \"" : "\"") + channel + "\": \"" + channel + "\"";
    }
    return {"panel", R"({"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales", "media": {)" + media +
                         R"(}, "controls": ["price", "weather"], "trend": {"family": "knots", "knots": 12},
                         "simulate": {"geos": )" + std::to_string(size.geos) + R"(, "periods": )" + std::to_string(size.weeks) + R"(},
                         "sampler": {"warmup": 20, "draws": 200, "max_treedepth": 2}})", ""};
}

double gradient_seconds(const PosteriorData& data) {
    Posterior posterior(data);
    RandomStream random(1, 0, 0, stream::start);
    const Vec u = posterior.initial_point(random);
    Vec d(u.size());
    double best = 1e9;
    for (int round = 0; round < 15; ++round) {
        int n = 0;
        const auto begin = std::chrono::steady_clock::now();
        double passed = 0;
        for (; passed < 0.01; ++n) {
            posterior.evaluate(u, d);
            passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        }
        best = std::min(best, passed / n);
    }
    return best;
}

void measure(const Size& size) {
    const Model model = model_of(size);
    const Table table = *table_of(model);
    double gradient = 0, adds = 0;
    int parameters = 0;
    {
        const Prepared p = prepare(model, table);
        gradient = gradient_seconds(p.data);
        adds = multiply_adds(p.data);
        parameters = p.model.layout.sampled();
    }
    Host host;
    host.max_threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    host.wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); };
    const auto fitted = fit(*parse_specification(model.spec), table, host);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const double cells = 1.0 * size.geos * size.weeks * size.channels;
    std::printf("{\"group\": \"scaling\", \"geos\": %d, \"weeks\": %d, \"channels\": %d, \"cells\": %.0f, \"parameters\": %d, "
                "\"gradient_us\": %.2f, \"ns_per_cell\": %.3f, \"multiply_adds\": %.0f, \"peak_mb\": %.1f, \"draws_mb\": %.1f}\n",
                size.geos, size.weeks, size.channels, cells, parameters, 1e6 * gradient, 1e9 * gradient / cells, adds,
                static_cast<double>(used.ru_maxrss) / 1024, static_cast<double>(fitted->values.size()) * sizeof(float) / 1048576);
    std::fflush(stdout);
}

}  // namespace
}  // namespace mmm::bench

int main() {
    using namespace mmm::bench;
    int failed = 0;
    for (const Size& size : sizes) {
        const pid_t child = fork();
        if (child == 0) {
            measure(size);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) ++failed;
    }
    return failed;
}
