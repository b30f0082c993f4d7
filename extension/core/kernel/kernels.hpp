// The loops over rows where a fit spends its time, compiled for several instruction sets and chosen when the program runs.
//
// All of them work on eight rows at a time in the same order whatever the registers hold, so that instruction sets differ only
// in fused multiply-adds and in the last bits of exp and log: 1e-10 relative at most. Arrays need no alignment; none of the
// outputs may overlap an input unless said so.
#pragma once

#include <array>
#include <cstddef>

namespace mmm {

enum class InstructionSet { portable, x86_64_v2, x86_64_v3, x86_64_v4 };

inline constexpr std::array every_instruction_set{InstructionSet::portable, InstructionSet::x86_64_v2, InstructionSet::x86_64_v3,
                                           InstructionSet::x86_64_v4};

// Geos abreast (see Kernels): the response of eight geos and its derivatives, which are `stride` apart. Each sum is of eight geos:
// sum_t d_t h_t goes to sums[0 ... 7], behind it the same of dh/dp by each parameter of adstock, dh/da and dh/db.
struct AbreastKernel {
    // In place: `value` holds x and becomes h; `derivatives` holds dx/dp and becomes what sum() wants to read. Sums as well.
    void (*respond)(std::ptrdiff_t n, double a, double b, double* value, double* derivatives, std::ptrdiff_t stride, const double* d,
                    double* sums);
    // Of what respond() left, with another d.
    void (*sum)(std::ptrdiff_t n, double a, double b, double* value, double* derivatives, std::ptrdiff_t stride, const double* d, double* sums);
};
using AbreastKernels = std::array<std::array<AbreastKernel, 3>, 3>;

// How exposure x becomes a response h; a and b are the family's parameters in the form that is cheapest to compute with.
struct SaturationKernel {
    // h_i for n rows; `h` may be `x`.
    void (*value)(const double* x, std::ptrdiff_t n, double a, double b, double* h);
    // With h as `value` wrote it and d = df/dh: adds sum_i d_i dh_i/da to sums[0], with wants_b sum_i d_i dh_i/db to sums[1],
    // and for each of `count` (0 to 2) columns, which are `stride` apart, sum_i d_i dh_i/dx column_i to sums[2 + column].
    void (*reverse)(const double* x, const double* h, const double* d, std::ptrdiff_t n, double a, double b, bool wants_b,
                    const double* columns, std::ptrdiff_t stride, int count, double* sums);
    // With x_i = base_i + k slope_i and h of it: sum_i c_i h_i to sums[0], sum_i d_i h_i to sums[1]. `base` and `d` may be null.
    void (*sum)(const double* slope, const double* base, std::ptrdiff_t n, double k, double a, double b, const double* c, const double* d,
                double* sums);
    // abreast[carried][slopes]: for so many parameters of adstock, and the first ones of the family, that derivatives are taken by.
    AbreastKernels abreast;
};

struct Kernels {
    InstructionSet instruction_set;

    // out_k,t = sum_l w_k,l x_t-l for l in [0, lags), x = 0 before the first of n rows; k in [0, count), count from 1 to 3.
    // Weights of one k lie `lags` apart, outputs `stride`.
    void (*carry_over)(const double* x, std::ptrdiff_t n, const double* w, std::ptrdiff_t lags, int count, double* out,
                       std::ptrdiff_t stride);
    // out_t = sum_l w_l d_t+l, d = 0 after the last row.
    void (*carry_back)(const double* d, std::ptrdiff_t n, const double* w, std::ptrdiff_t lags, double* out);

    SaturationKernel identity;    // h = x
    SaturationKernel michaelis;   // h = x / (x + a)
    SaturationKernel hill;        // h = x^b / (x^b + a^b)
    SaturationKernel hyperbolic;  // h = tanh(a x)
    SaturationKernel root;        // h = x^a
    SaturationKernel logarithm;   // h = ln(1 + x)

    double (*dot)(const double* x, const double* y, std::ptrdiff_t n);
    double (*sum)(const double* x, std::ptrdiff_t n);
    void (*add_scaled)(double c, const double* x, std::ptrdiff_t n, double* y);                     // y += c x
    void (*combine)(double b, const double* x, double c, const double* y, std::ptrdiff_t n, double* z);  // z = b x + c y; z may be x or y
    // y += A x and y = A' x for A of `rows` x `columns` by columns, which are `stride` apart.
    void (*multiply)(const double* a, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t columns, const double* x, double* y);
    void (*multiply_transposed)(const double* a, std::ptrdiff_t stride, std::ptrdiff_t rows, std::ptrdiff_t columns,
                                const double* x, double* y);

    // Geos abreast: row t of eight geos lies in eight neighbouring numbers, rows 0 to n one after another.
    //
    // value_t = sum_l w_l x_t-l, and count - 1 columns of `derivatives` likewise with the weights `w_stride` on; count from 1 to 3.
    // The lags - 1 rows before x must be there (0, where nothing came before).
    void (*carry_over_abreast)(const double* x, std::ptrdiff_t n, const double* w, std::ptrdiff_t w_stride, std::ptrdiff_t lags, int count,
                               double* value, double* derivatives, std::ptrdiff_t stride);
    // The same with w_l = scale power_l, power_l = alpha^l, d_power its derivative by alpha, d_scale that of scale; `derivative` may
    // be null. x = 0 before the first row; the time does not grow with lags. `ends` is room for 16 lags numbers.
    void (*decay_abreast)(const double* x, std::ptrdiff_t n, double alpha, const double* power, const double* d_power, std::ptrdiff_t lags,
                          double scale, double d_scale, double* ends, double* value, double* derivative);
    // y_t = sum_c factor_c a_c,t with a factor of each of eight geos.
    void (*multiply_abreast)(const double* a, std::ptrdiff_t stride, std::ptrdiff_t columns, const double* factors, std::ptrdiff_t n, double* y);
    // Of up to eight geos, whose rows are `stride` apart, to rows abreast (0 for geos that are not there), and added from there.
    void (*geos_to_lanes)(const double* by_geo, std::ptrdiff_t stride, std::ptrdiff_t geos, std::ptrdiff_t n, double* abreast);
    void (*add_lanes_to_geos)(const double* abreast, std::ptrdiff_t n, std::ptrdiff_t geos, double* by_geo, std::ptrdiff_t stride);
};

constexpr std::ptrdiff_t geos_abreast = 8;

// The best that this processor runs, unless another was asked for. Objects that compute keep what they got when they were made.
const Kernels& kernels();

// Null where this processor, or this build, does not have them.
const Kernels* kernels_of(InstructionSet set);

// From now on in the whole process; `false` where the processor does not have it. Not while other threads compute.
bool use_instruction_set(InstructionSet set);
void use_best_instruction_set();

const char* name_of(InstructionSet set);

}  // namespace mmm
