#include "core/kernel/kernels.hpp"

#include <atomic>
#include <cmath>

#include "core/kernel/tables.hpp"

namespace mmm {

namespace {

constexpr std::size_t probe_rows = 29;  // whole registers and a rest
constexpr std::size_t probes = 58;

// What the kernels of a table compute from a few numbers: each of them, and each way through it that a wider register makes.
std::array<double, probes * probe_rows> results_of(const Kernels& k) {
    constexpr std::ptrdiff_t n = probe_rows, lags = 9;
    std::array<double, n> x{}, d{};
    std::array<double, 3 * lags> w{};
    std::array<double, probes * n> out{};
    for (std::ptrdiff_t i = 0; i < n; ++i) {
        x[static_cast<std::size_t>(i)] = i % 7 == 0 ? 0 : 0.01 * static_cast<double>(i * i);
        d[static_cast<std::size_t>(i)] = 1 - 0.06 * static_cast<double>(i);
    }
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = 0.3 - 0.02 * static_cast<double>(i);
    double* to = out.data();
    k.carry_over(x.data(), n, w.data(), lags, 3, to, n);
    k.carry_back(d.data(), n, w.data(), lags, to + 3 * n);
    int part = 4;
    for (const SaturationKernel* family : {&k.identity, &k.michaelis, &k.hill, &k.hyperbolic, &k.root, &k.logarithm}) {
        double* h = to + part * n;
        family->value(x.data(), n, 0.8, 1.3, h);
        family->reverse(x.data(), h, d.data(), n, 0.8, 1.3, true, to, n, 2, h + n);
        part += 2;
    }
    k.combine(0.3, x.data(), -2, d.data(), n, to + 16 * n);
    k.add_scaled(0.7, x.data(), n, to + 16 * n);
    k.multiply(to, n, n, 3, d.data(), to + 17 * n);
    k.multiply_transposed(to, n, n, 3, d.data(), to + 18 * n);
    // Rows of eight geos abreast.
    std::array<double, 2 * lags * geos_abreast> ends{};
    k.decay_abreast(x.data(), 3, 0.6, w.data(), w.data() + lags, 2, 0.4, -0.3, ends.data(), to + 20 * n, to + 21 * n);
    k.hill.abreast[1][2].respond(3, 0.8, 1.3, to + 20 * n, to + 21 * n, n, d.data(), to + 23 * n);
    k.hill.abreast[1][2].sum(3, 0.8, 1.3, to + 20 * n, to + 21 * n, n, x.data(), to + 25 * n);
    k.carry_over_abreast(x.data() + geos_abreast, 2, w.data(), lags, 2, 3, to + 27 * n, to + 28 * n, n);
    k.multiply_abreast(to, n, 5, to, 3, to + 30 * n);
    k.geos_to_lanes(x.data(), 9, 3, 3, to + 31 * n);
    k.add_lanes_to_geos(x.data(), 3, 7, to + 32 * n, 4);
    // Whole blocks of rows, a rest behind them, and every column that goes along.
    double* wide = to + 34 * n;  // blocks of three probes for nine rows of eight
    k.geos_to_lanes(to, 10, 8, 9, wide);
    k.add_lanes_to_geos(wide, 9, 8, wide + 3 * n, 10);
    k.carry_over_abreast(wide + geos_abreast, 8, w.data(), lags, 2, 1, wide + 6 * n, wide + 6 * n, 3 * n);
    k.carry_over_abreast(wide + geos_abreast, 8, w.data(), lags, 2, 2, wide + 9 * n, wide + 12 * n, 3 * n);
    k.carry_over(to, 5 * n, w.data(), lags, 1, wide + 15 * n, 5 * n);
    k.carry_over(to, 2 * n, w.data(), lags, 2, wide + 20 * n, 2 * n);
    k.michaelis.sum(x.data(), d.data(), n, 0.9, 40, 1, d.data(), x.data(), to + 33 * n);
    k.hill.sum(x.data(), nullptr, n, 0.9, 0.8, 1.3, d.data(), nullptr, to + 33 * n + 2);
    to[19 * n] = k.dot(x.data(), d.data(), n);
    to[19 * n + 1] = k.sum(x.data(), n);
    return out;
}

// A compiler, an emulator or a processor that gets the wider registers wrong costs speed, not answers.
bool agrees_with_portable(const Kernels& k) {
    const auto expected = results_of(portable::table), found = results_of(k);
    for (std::size_t i = 0; i < found.size(); ++i)
        if (!(std::fabs(found[i] - expected[i]) <= 1e-10 * std::fmax(1, std::fabs(expected[i])))) return false;
    return true;
}

InstructionSet found_best_set() {
    for (const InstructionSet set : {InstructionSet::x86_64_v4, InstructionSet::x86_64_v3, InstructionSet::x86_64_v2})
        if (const Kernels* table = kernels_of(set); table != nullptr && agrees_with_portable(*table)) return set;
    return InstructionSet::portable;
}

InstructionSet best_set() {
    static const InstructionSet best = found_best_set();
    return best;
}

std::atomic<const Kernels*>& chosen() {
    static std::atomic<const Kernels*> table{kernels_of(best_set())};
    return table;
}

}  // namespace

const Kernels* kernels_of(InstructionSet set) {
#ifdef MMM_KERNEL_SETS
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
