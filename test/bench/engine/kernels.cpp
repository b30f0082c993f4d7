// Kernels by every instruction set that this processor has, and the gradient of every family of model by the best of them. Each
// counts its multiply-adds (docs/performance.md); report.py sets their rate beside the peak of the same set in the same run.
#include <benchmark/benchmark.h>

#include "models.hpp"
#include "peak.hpp"

namespace mmm::bench {
namespace {

constexpr Eigen::Index periods = 156, geos = 40, rows = periods * geos, lags = 9;

void count(benchmark::State& state, double multiply_adds) {
    state.counters["multiply_adds"] = benchmark::Counter(multiply_adds, benchmark::Counter::kIsIterationInvariantRate);
}

void peak(benchmark::State& state, InstructionSet set) {
    double sink = 0, done = 0;
    for (auto _ : state) done = multiply_add_at_peak(set, 100000, sink);
    benchmark::DoNotOptimize(sink);
    count(state, done);
}

// Exposure of a panel, and room for everything that kernels write.
struct Panel {
    Vec x = Vec::LinSpaced(rows, 0, 7), d = Vec::LinSpaced(rows, -1, 1), h = x, weights = Vec::Constant(3 * lags, 0.1);
    Mat out = Mat::Zero(rows, 3);
    Vec sums = Vec::Zero(4);
};

void carry_over(benchmark::State& state, const Kernels* k, int outputs) {
    Panel p;
    for (auto _ : state)
        for (Eigen::Index begin = 0; begin < rows; begin += periods)
            k->carry_over(p.x.data() + begin, periods, p.weights.data(), lags, outputs, p.out.data() + begin, rows);
    count(state, static_cast<double>(rows * lags * outputs));
}

void carry_back(benchmark::State& state, const Kernels* k) {
    Panel p;
    for (auto _ : state)
        for (Eigen::Index begin = 0; begin < rows; begin += periods)
            k->carry_back(p.x.data() + begin, periods, p.weights.data(), lags, p.out.data() + begin);
    count(state, static_cast<double>(rows * lags));
}

void saturate(benchmark::State& state, const Kernels* k, SaturationKernel Kernels::*family) {
    Panel p;
    for (auto _ : state) (k->*family).value(p.x.data(), rows, 0.7, 1.4, p.h.data());
    state.SetItemsProcessed(state.iterations() * rows);
}

void saturate_reverse(benchmark::State& state, const Kernels* k, SaturationKernel Kernels::*family) {
    Panel p;
    (k->*family).value(p.x.data(), rows, 0.7, 1.4, p.h.data());
    for (auto _ : state)
        (k->*family).reverse(p.x.data(), p.h.data(), p.d.data(), rows, 0.7, 1.4, true, p.out.data(), rows, 1, p.sums.data());
    state.SetItemsProcessed(state.iterations() * rows);
}

void dot(benchmark::State& state, const Kernels* k) {
    Panel p;
    for (auto _ : state) benchmark::DoNotOptimize(k->dot(p.x.data(), p.d.data(), rows));
    count(state, rows);
}

void multiply(benchmark::State& state, const Kernels* k, bool transposed) {
    const Eigen::Index n = 185;
    const Mat a = Mat::Random(n, n);
    Vec x = Vec::Ones(n), y = x;
    for (auto _ : state) {
        if (transposed) k->multiply_transposed(a.data(), n, n, n, x.data(), y.data());
        else k->multiply(a.data(), n, n, n, x.data(), y.data());
    }
    count(state, static_cast<double>(n * n));
}

void gradient(benchmark::State& state, const PosteriorData* data) {
    Posterior posterior(*data);
    RandomStream random(1, 0, 0, stream::start);
    const Vec u = posterior.initial_point(random);
    Vec d(u.size());
    for (auto _ : state) benchmark::DoNotOptimize(posterior.evaluate(u, d));
    count(state, multiply_adds(*data));
}

void add_kernels(const Kernels* k) {
    const std::string set = std::string("/") + name_of(k->instruction_set);
    const auto add = [&](const std::string& name, auto run) { benchmark::RegisterBenchmark((name + set).c_str(), run); };
    add("peak", [=](benchmark::State& s) { peak(s, k->instruction_set); });
    for (int outputs = 1; outputs <= 3; ++outputs)
        add("carry_over of " + std::to_string(outputs), [=](benchmark::State& s) { carry_over(s, k, outputs); });
    add("carry_back", [=](benchmark::State& s) { carry_back(s, k); });
    const std::pair<const char*, SaturationKernel Kernels::*> families[] = {
        {"michaelis", &Kernels::michaelis}, {"hill", &Kernels::hill}, {"hyperbolic", &Kernels::hyperbolic},
        {"root", &Kernels::root}, {"logarithm", &Kernels::logarithm}};
    for (const auto& [name, family] : families) {
        add(std::string(name), [=, f = family](benchmark::State& s) { saturate(s, k, f); });
        add(std::string(name) + " reverse", [=, f = family](benchmark::State& s) { saturate_reverse(s, k, f); });
    }
    add("dot", [=](benchmark::State& s) { dot(s, k); });
    add("multiply", [=](benchmark::State& s) { multiply(s, k, false); });
    add("multiply_transposed", [=](benchmark::State& s) { multiply(s, k, true); });
}

}  // namespace
}  // namespace mmm::bench

int main(int argc, char** argv) {
    using namespace mmm;
    for (const InstructionSet set : every_instruction_set)
        if (kernels_of(set) != nullptr) bench::add_kernels(kernels_of(set));
    std::vector<std::unique_ptr<bench::Prepared>> prepared;
    for (const auto& model : bench::every_model()) {
        const auto table = bench::table_of(model);
        if (!table) continue;
        prepared.push_back(std::make_unique<bench::Prepared>(bench::prepare(model, *table)));
        const PosteriorData* data = &prepared.back()->data;
        benchmark::RegisterBenchmark(("gradient/" + model.name).c_str(), [data](benchmark::State& s) { bench::gradient(s, data); })
            ->Unit(benchmark::kMicrosecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::AddCustomContext("instruction_set", name_of(kernels().instruction_set));
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
