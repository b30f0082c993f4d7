#include "peak.hpp"

namespace mmm::bench {

namespace {

// Ten sums, as an addition takes four or five cycles and two begin in each. Registers have to be named: the compiler keeps
// arrays in memory.
#define MMM_PEAK(name, bytes, attributes)                                                            \
    using name##_register [[gnu::vector_size(bytes)]] = double;                                      \
    attributes double name(long rounds, double& sink) {                                              \
        const name##_register b = name##_register{} + 0.999999, c = name##_register{} + 1e-9;        \
        name##_register a0 = c, a1 = c, a2 = c, a3 = c, a4 = c, a5 = c, a6 = c, a7 = c, a8 = c, a9 = c; \
        for (long k = 0; k < rounds; ++k) {                                                          \
            a0 = a0 * b + c; a1 = a1 * b + c; a2 = a2 * b + c; a3 = a3 * b + c; a4 = a4 * b + c;     \
            a5 = a5 * b + c; a6 = a6 * b + c; a7 = a7 * b + c; a8 = a8 * b + c; a9 = a9 * b + c;     \
        }                                                                                            \
        const name##_register s = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9;                   \
        sink += s[0] + s[1];                                                                         \
        return 10.0 * static_cast<double>(rounds) * (bytes / 8);                                     \
    }

MMM_PEAK(portable_peak, 16, )
#ifdef __x86_64__
MMM_PEAK(v2_peak, 16, __attribute__((target("arch=x86-64-v2"))))
MMM_PEAK(v3_peak, 32, __attribute__((target("arch=x86-64-v3"))))
MMM_PEAK(v4_peak, 64, __attribute__((target("arch=x86-64-v4"))))
#endif
#undef MMM_PEAK

}  // namespace

double multiply_add_at_peak(InstructionSet set, long rounds, double& sink) {
#ifdef __x86_64__
    if (set == InstructionSet::x86_64_v2) return v2_peak(rounds, sink);
    if (set == InstructionSet::x86_64_v3) return v3_peak(rounds, sink);
    if (set == InstructionSet::x86_64_v4) return v4_peak(rounds, sink);
#endif
    return portable_peak(rounds, sink);
}

}  // namespace mmm::bench
