// Every instruction set computes what the definitions say, whatever the lengths, and within 1e-10 of every other.
#include "core/kernel/kernels.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "core/eigen.hpp"
#include "core/random.hpp"
#include "kernel/wide_kernels.hpp"

namespace mmm {
namespace {

// What this processor runs; the others are named by KernelsOf.
std::vector<const Kernels*> available() {
    std::vector<const Kernels*> tables;
    for (const InstructionSet set : every_instruction_set)
        if (kernels_of(set) != nullptr) tables.push_back(kernels_of(set));
    return tables;
}

Vec drawn(Eigen::Index n, std::uint32_t stream_number) {
    RandomStream random(5, 0, stream_number, stream::simulate);
    Vec x(n);
    for (Eigen::Index i = 0; i < n; ++i) x[i] = random.normal();
    return x;
}

// Exposure: a tenth of it 0.
Vec exposure(Eigen::Index n, std::uint32_t stream_number) {
    Vec x = drawn(n, stream_number).array().exp();
    for (Eigen::Index i = 0; i < n; i += 10) x[i] = 0;
    return x;
}

void expect_near(const Vec& found, const Vec& expected, double tolerance, const char* what) {
    const double scale = std::max(1.0, expected.cwiseAbs().maxCoeff());
    EXPECT_LE((found - expected).cwiseAbs().maxCoeff(), tolerance * scale) << what;
}

// What is tested: a set, or the code of eight lanes whatever the processor has (wide_kernels.cpp).
struct Tested {
    std::string name;
    const Kernels* table;
};

std::vector<Tested> every_table() {
    std::vector<Tested> all{{"eight_lanes", &wide::table}};
    for (const InstructionSet set : every_instruction_set) {
        std::string name = name_of(set);
        std::replace(name.begin(), name.end(), '-', '_');
        all.push_back({name, kernels_of(set)});
    }
    return all;
}

class KernelsOf : public testing::TestWithParam<Tested> {
protected:
    void SetUp() override {
        if (GetParam().table == nullptr) GTEST_SKIP() << "this processor does not run " << GetParam().name;
    }
    const Kernels& kernels() const { return *GetParam().table; }
};

INSTANTIATE_TEST_SUITE_P(EachSet, KernelsOf, testing::ValuesIn(every_table()), [](const auto& p) { return p.param.name; });

TEST_P(KernelsOf, CarryOverIsTheSumOverLagsForEveryLengthAndNumberOfWeights) {
    for (const Eigen::Index n : {1, 2, 7, 8, 9, 31, 33, 66, 156, 200})
        for (const Eigen::Index lags : {1, 2, 5, 8, 9, 13, 63, 64, 65, 130, 400})
            for (int count = 1; count <= 3; ++count) {
                const Vec x = exposure(n, 1);
                const Mat w = drawn(lags * count, 2).reshaped(lags, count);
                Mat expected = Mat::Zero(n, count), found = Mat::Constant(n, count, NAN);
                for (int k = 0; k < count; ++k)
                    for (Eigen::Index t = 0; t < n; ++t)
                        for (Eigen::Index l = 0; l < std::min(lags, t + 1); ++l) expected(t, k) += w(l, k) * x[t - l];
                kernels().carry_over(x.data(), n, w.data(), lags, count, found.data(), n);
                expect_near(found.reshaped(), expected.reshaped(), 1e-13, "carry_over");
            }
}

TEST_P(KernelsOf, CarryBackIsItsTranspose) {
    for (const Eigen::Index n : {1, 7, 8, 33, 156})
        for (const Eigen::Index lags : {1, 5, 9, 64, 65, 130, 400}) {
            const Vec d = drawn(n, 3), w = drawn(lags, 4);
            Vec expected = Vec::Zero(n), found = Vec::Constant(n, NAN);
            for (Eigen::Index t = 0; t < n; ++t)
                for (Eigen::Index l = 0; l < std::min(lags, n - t); ++l) expected[t] += w[l] * d[t + l];
            kernels().carry_back(d.data(), n, w.data(), lags, found.data());
            expect_near(found, expected, 1e-13, "carry_back");
        }
}

TEST_P(KernelsOf, NothingIsReadOrWrittenOutsideTheArrays) {
    for (const Eigen::Index n : {1, 5, 8, 13}) {
        // NaN around the data would show in every result, and what is written around the outputs as well.
        Vec x = Vec::Constant(n + 32, NAN), out = Vec::Constant(n + 32, 7);
        const Vec w = drawn(9, 5);
        x.segment(16, n) = exposure(n, 6);
        kernels().carry_over(x.data() + 16, n, w.data(), 9, 1, out.data() + 16, n);
        kernels().carry_back(x.data() + 16, n, w.data(), 9, out.data() + 16);
        kernels().hyperbolic.value(x.data() + 16, n, 1, 0, out.data() + 16);
        kernels().combine(1, x.data() + 16, 2, x.data() + 16, n, out.data() + 16);
        EXPECT_TRUE(out.allFinite());
        EXPECT_EQ(out.head(16), Vec::Constant(16, 7));
        EXPECT_EQ(out.tail(16), Vec::Constant(16, 7));
        EXPECT_TRUE(std::isfinite(kernels().dot(x.data() + 16, x.data() + 16, n)));
        EXPECT_TRUE(std::isfinite(kernels().sum(x.data() + 16, n)));
    }
}

struct Formula {
    const char* name;
    SaturationKernel Kernels::*kernel;
    std::function<double(double x, double a, double b)> h;
};

const std::vector<Formula>& formulas() {
    static const std::vector<Formula> all{
        {"identity", &Kernels::identity, [](double x, double, double) { return x; }},
        {"michaelis", &Kernels::michaelis, [](double x, double a, double) { return x / (x + a); }},
        {"hill", &Kernels::hill, [](double x, double a, double b) { return std::pow(x, b) / (std::pow(x, b) + std::pow(a, b)); }},
        {"hyperbolic", &Kernels::hyperbolic, [](double x, double a, double) { return std::tanh(a * x); }},
        {"root", &Kernels::root, [](double x, double a, double) { return std::pow(x, a); }},
        {"logarithm", &Kernels::logarithm, [](double x, double, double) { return std::log1p(x); }}};
    return all;
}

TEST_P(KernelsOf, SaturationFollowsItsFormula) {
    for (const auto& f : formulas())
        for (const Eigen::Index n : {1, 7, 8, 9, 156}) {
            const Vec x = exposure(n, 7);
            Vec found = x;
            (kernels().*f.kernel).value(found.data(), n, 0.7, 1.6, found.data());
            expect_near(found, x.unaryExpr([&](double v) { return f.h(v, 0.7, 1.6); }), 1e-14, f.name);
        }
}

double difference(const std::function<double(double)>& f, double x) {
    const double h = 1e-3 * x;
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h);
}

TEST_P(KernelsOf, SaturationReversedSumsItsDerivatives) {
    constexpr double a = 0.7, b = 1.6;
    for (const auto& f : formulas())
        for (const Eigen::Index n : {1, 7, 8, 29}) {
            const Vec x = exposure(n, 8), d = drawn(n, 9);
            const Mat columns = drawn(2 * n, 10).reshaped(n, 2);
            Vec h(n), expected = Vec::Zero(4);
            const SaturationKernel& kernel = kernels().*f.kernel;
            kernel.value(x.data(), n, a, b, h.data());
            for (Eigen::Index i = 0; i < n; ++i) {
                // With an exposure of 0 only the slope of smooth families counts.
                const double at = std::max(x[i], 1e-8);
                const bool flat = x[i] == 0 && (f.kernel == &Kernels::hill || f.kernel == &Kernels::root);
                const double slope = flat ? 0 : difference([&](double v) { return f.h(v, a, b); }, at);
                expected[0] += x[i] == 0 ? 0 : d[i] * difference([&](double v) { return f.h(x[i], v, b); }, a);
                expected[1] += x[i] == 0 ? 0 : d[i] * difference([&](double v) { return f.h(x[i], a, v); }, b);
                for (int k = 0; k < 2; ++k) expected[2 + k] += d[i] * slope * columns(i, k);
            }
            for (int count = 0; count <= 2; ++count) {
                Vec found = Vec::Zero(4);
                kernel.reverse(x.data(), h.data(), d.data(), n, a, b, true, columns.data(), n, count, found.data());
                expect_near(found.head(2 + count), expected.head(2 + count), 1e-6, f.name);
                EXPECT_EQ(found.tail(2 - count), Vec::Zero(2 - count));
                Vec without = Vec::Zero(4);
                kernel.reverse(x.data(), h.data(), d.data(), n, a, b, false, columns.data(), n, count, without.data());
                EXPECT_EQ(without[1], 0);
                EXPECT_EQ(without[0], found[0]);
            }
        }
}

// `geos` series of n rows, one after another, as rows of eight geos with `before` rows of 0 before them.
Vec lanes_of(const Mat& series, Eigen::Index before = 0) {
    Mat rows = Mat::Zero(geos_abreast, before + series.rows());
    rows.bottomRightCorner(geos_abreast, series.rows()).topRows(series.cols()) = series.transpose();
    return rows.reshaped();
}

Mat carried_over(const Mat& x, const Vec& w) {
    Mat out = Mat::Zero(x.rows(), x.cols());
    for (Eigen::Index t = 0; t < x.rows(); ++t)
        for (Eigen::Index l = 0; l < std::min(w.size(), t + 1); ++l) out.row(t) += w[l] * x.row(t - l);
    return out;
}

TEST_P(KernelsOf, GeosAbreastAreCarriedOverAsEachOfThemIs) {
    for (const Eigen::Index n : {1, 2, 3, 7, 8, 31, 66})
        for (const Eigen::Index lags : {1, 2, 5, 8, 9, 13, 70})
            for (int count = 1; count <= 3; ++count) {
                const Mat x = exposure(n * geos_abreast, 21).reshaped(n, geos_abreast), w = drawn((lags + 2) * count, 22).reshaped(lags + 2, count);
                const Vec rows = lanes_of(x, lags - 1);
                Vec value = Vec::Constant(n * geos_abreast, NAN);
                Mat derivatives = Mat::Constant(n * geos_abreast + 3, 2, NAN);
                kernels().carry_over_abreast(rows.data() + (lags - 1) * geos_abreast, n, w.data(), w.rows(), lags, count, value.data(), derivatives.data(),
                                             derivatives.rows());
                expect_near(value, lanes_of(carried_over(x, w.col(0).head(lags))), 1e-13, "value");
                for (int k = 1; k < count; ++k)
                    expect_near(derivatives.col(k - 1).head(n * geos_abreast), lanes_of(carried_over(x, w.col(k).head(lags))), 1e-13, "derivative");
            }
}

TEST_P(KernelsOf, GeometricDecayAbreastIsTheSumOverItsLags) {
    for (const double alpha : {0.0, 0.3, 0.97, 0.999999})
        for (const Eigen::Index n : {1, 2, 7, 9, 18, 66})
            for (const Eigen::Index lags : {1, 2, 5, 9, 13, 66, 200}) {
                const Mat x = exposure(n * geos_abreast, 23).reshaped(n, geos_abreast);
                Vec power(lags), d_power(lags), ends = Vec::Constant(2 * geos_abreast * lags, NAN);
                for (Eigen::Index l = 0; l < lags; ++l) {
                    power[l] = std::pow(alpha, l);
                    d_power[l] = l == 0 ? 0 : static_cast<double>(l) * std::pow(alpha, l - 1);
                }
                const double scale = 1 / power.sum(), d_scale = -scale * scale * d_power.sum();
                const Vec rows = lanes_of(x);
                Vec value = Vec::Constant(n * geos_abreast, NAN), derivative = value, alone = value;
                kernels().decay_abreast(rows.data(), n, alpha, power.data(), d_power.data(), lags, scale, d_scale, ends.data(), value.data(),
                                        derivative.data());
                kernels().decay_abreast(rows.data(), n, alpha, power.data(), d_power.data(), lags, scale, d_scale, ends.data(), alone.data(), nullptr);
                expect_near(value, lanes_of(carried_over(x, scale * power)), 1e-12, "value");
                expect_near(derivative, lanes_of(carried_over(x, scale * d_power + d_scale * power)), 1e-12, "derivative");
                EXPECT_EQ(alone, value);
            }
}

// What a difference of two sums would leave behind a burst is not 0, and the root of it is not small.
TEST_P(KernelsOf, GeometricDecayAbreastIsNothingWhereTheWindowHasNoExposure) {
    constexpr Eigen::Index n = 40, lags = 6;
    Mat x = Mat::Zero(n, geos_abreast);
    x.row(3).setConstant(1e6 / 3);
    Vec power(lags), d_power(lags), ends(2 * geos_abreast * lags), value(n * geos_abreast), derivative = value;
    for (Eigen::Index l = 0; l < lags; ++l) {
        power[l] = std::pow(0.7, l);
        d_power[l] = l == 0 ? 0 : static_cast<double>(l) * std::pow(0.7, l - 1);
    }
    const Vec rows = lanes_of(x);
    kernels().decay_abreast(rows.data(), n, 0.7, power.data(), d_power.data(), lags, 0.3, -0.2, ends.data(), value.data(), derivative.data());
    for (Eigen::Index t = 0; t < n; ++t) EXPECT_EQ(value[t * geos_abreast] > 0, t >= 3 && t < 3 + lags) << t;
}

TEST_P(KernelsOf, ResponsesAbreastHaveTheDerivativesOfTheirFamily) {
    constexpr double a = 0.7, b = 1.6;
    constexpr std::array parameters{0, 1, 2, 1, 1, 0};
    for (std::size_t which = 0; which < formulas().size(); ++which)
        for (std::size_t carried = 0; carried <= 2; ++carried)
            for (std::size_t slopes = 0; slopes <= static_cast<std::size_t>(parameters[which]); ++slopes) {
                const Formula& f = formulas()[which];
                SCOPED_TRACE(f.name);
                constexpr Eigen::Index n = 5, rows = n * geos_abreast;
                const Vec x = exposure(rows, 24), counts = drawn(rows, 25), d = drawn(rows, 26);
                const Mat columns = drawn(2 * rows, 27).reshaped(rows, 2);
                const SaturationKernel& kernel = kernels().*f.kernel;
                // The rows' own sums by the kernel for one series, which is compared with differences above.
                const auto expected_sums = [&](const Vec& weights) {
                    Mat sums = Mat::Zero(geos_abreast, 5);
                    for (Eigen::Index i = 0; i < rows; ++i) {
                        Vec h = x.segment(i, 1), one = Vec::Zero(4);
                        kernel.value(h.data(), 1, a, b, h.data());
                        kernel.reverse(&x[i], h.data(), &weights[i], 1, a, b, true, &columns(i, 0), rows, 2, one.data());
                        const Eigen::Index g = i % geos_abreast;
                        sums(g, 0) += weights[i] * h[0];
                        for (std::size_t k = 0; k < carried; ++k) sums(g, static_cast<Eigen::Index>(1 + k)) += one[static_cast<Eigen::Index>(2 + k)];
                        for (std::size_t k = 0; k < slopes; ++k) sums(g, static_cast<Eigen::Index>(1 + carried + k)) += one[static_cast<Eigen::Index>(k)];
                    }
                    return sums;
                };
                Vec value = x, h(rows);
                Mat derivatives = Mat::Constant(rows, 4, NAN);
                derivatives.leftCols(static_cast<Eigen::Index>(carried)) = columns.leftCols(static_cast<Eigen::Index>(carried));
                Mat counted = Mat::Zero(geos_abreast, 5), summed = counted;
                const AbreastKernel& abreast = kernel.abreast[carried][slopes];
                abreast.respond(n, a, b, value.data(), derivatives.data(), rows, counts.data(), counted.data());
                abreast.sum(n, a, b, value.data(), derivatives.data(), rows, d.data(), summed.data());
                kernel.value(x.data(), rows, a, b, h.data());
                EXPECT_EQ(value, h);
                expect_near(counted.reshaped(), expected_sums(counts).reshaped(), 1e-12, "counted");
                expect_near(summed.reshaped(), expected_sums(d).reshaped(), 1e-12, "summed");
            }
}

TEST_P(KernelsOf, GeosBecomeLanesAndLanesGeos) {
    for (const Eigen::Index geos : {1, 2, 3, 4, 5, 7, 8})
        for (const Eigen::Index n : {1, 3, 4, 8, 11, 66}) {
            const Mat series = drawn((n + 2) * geos, 28).reshaped(n + 2, geos);
            Vec rows = Vec::Constant(n * geos_abreast, NAN);
            kernels().geos_to_lanes(series.data(), n + 2, geos, n, rows.data());
            EXPECT_EQ(rows, lanes_of(series.topRows(n)));
            Mat back = series;
            kernels().add_lanes_to_geos(rows.data(), n, geos, back.data(), n + 2);
            EXPECT_EQ(back.topRows(n), 2 * series.topRows(n));
            EXPECT_EQ(back.bottomRows(2), series.bottomRows(2));
            for (const Eigen::Index columns : {1, 3, 4, 9}) {
                const Mat a = drawn((n * geos_abreast + 1) * columns, 29).reshaped(n * geos_abreast + 1, columns), factors = drawn(geos_abreast * columns, 30).reshaped(geos_abreast, columns);
                Vec expected = Vec::Zero(n * geos_abreast), found = Vec::Constant(n * geos_abreast, NAN);
                for (Eigen::Index c = 0; c < columns; ++c)
                    for (Eigen::Index i = 0; i < expected.size(); ++i) expected[i] += factors(i % geos_abreast, c) * a(i, c);
                kernels().multiply_abreast(a.data(), a.rows(), columns, factors.data(), n, found.data());
                expect_near(found, expected, 1e-13, "multiply_abreast");
            }
        }
}

TEST_P(KernelsOf, SumsOfResponsesAreThoseOfTheirValues) {
    constexpr double a = 0.7, b = 1.6, k = 1.3;
    for (const auto& f : formulas())
        for (const Eigen::Index n : {1, 7, 8, 15, 16, 17, 40, 156})
            for (int which = 0; which < 4; ++which) {
                const Vec slope = exposure(n, 31), base = exposure(n, 32), c = drawn(n, 33), d = drawn(n, 34);
                const bool has_base = which % 2 == 1, second = which / 2 == 1;
                double sums[2] = {NAN, NAN}, first_sum = 0, second_sum = 0;
                (kernels().*f.kernel).sum(slope.data(), has_base ? base.data() : nullptr, n, k, a, b, c.data(), second ? d.data() : nullptr, sums);
                for (Eigen::Index i = 0; i < n; ++i) {
                    const double h = f.h((has_base ? base[i] : 0) + k * slope[i], a, b);
                    first_sum += c[i] * h;
                    second_sum += d[i] * h;
                }
                EXPECT_NEAR(sums[0], first_sum, 1e-12 * static_cast<double>(n)) << f.name;
                EXPECT_NEAR(sums[1], second ? second_sum : 0, 1e-12 * static_cast<double>(n)) << f.name;
            }
}

TEST_P(KernelsOf, ProductsAreThoseOfMatrices) {
    for (const Eigen::Index rows : {1, 7, 8, 17, 156})
        for (const Eigen::Index columns : {1, 2, 3, 4, 5, 11}) {
            const Mat a = drawn((rows + 3) * columns, 11).reshaped(rows + 3, columns);
            const Vec x = drawn(columns, 12), y = drawn(rows, 13);
            Vec found = y, transposed(columns);
            kernels().multiply(a.data(), rows + 3, rows, columns, x.data(), found.data());
            expect_near(found, y + a.topRows(rows) * x, 1e-13, "multiply");
            kernels().multiply_transposed(a.data(), rows + 3, rows, columns, y.data(), transposed.data());
            expect_near(transposed, a.topRows(rows).transpose() * y, 1e-13, "multiply_transposed");
        }
}

TEST_P(KernelsOf, SumsAndCombinationsAreThoseOfVectors) {
    for (const Eigen::Index n : {1, 7, 8, 15, 16, 17, 24, 156}) {
        const Vec x = drawn(n, 14), y = drawn(n, 15);
        EXPECT_NEAR(kernels().dot(x.data(), y.data(), n), x.dot(y), 1e-12);
        EXPECT_NEAR(kernels().sum(x.data(), n), x.sum(), 1e-12);
        Vec z = y;
        kernels().add_scaled(-0.3, x.data(), n, z.data());
        expect_near(z, y - 0.3 * x, 1e-15, "add_scaled");
        kernels().combine(2, x.data(), -0.5, z.data(), n, z.data());
        expect_near(z, 2 * x - 0.5 * (y - 0.3 * x), 1e-15, "combine");
    }
}

// The order of a sum is that of the portable code, so only rounding inside of products and exp and log differ.
RC_GTEST_PROP(Kernels, OfAllInstructionSetsAgree, ()) {
    const auto n = *rc::gen::inRange<Eigen::Index>(1, 300), lags = *rc::gen::inRange<Eigen::Index>(1, 100);
    const auto seed = *rc::gen::inRange<std::uint32_t>(100, 1'000'000);
    const Vec x = exposure(n, seed), d = drawn(n, seed + 1), w = drawn(2 * lags, seed + 2);
    Mat first;
    auto tables = available();
    tables.push_back(&wide::table);
    for (const Kernels* k : tables) {
        Mat out = Mat::Zero(n + 8, 10);
        k->carry_over(x.data(), n, w.data(), lags, 2, out.data(), out.rows());
        k->carry_back(d.data(), n, w.data(), lags, out.col(2).data());
        int column = 3;
        for (const auto& f : formulas()) {
            (k->*f.kernel).value(x.data(), n, 0.9, 1.3, out.col(column).data());
            (k->*f.kernel).reverse(x.data(), out.col(column).data(), d.data(), n, 0.9, 1.3, true, out.data(), out.rows(), 2,
                                   out.col(column).data() + n);
            ++column;
        }
        const Eigen::Index eighth = n / geos_abreast;
        Vec power = Vec::Ones(9), ends(18 * geos_abreast);
        if (eighth > 0) {
            Mat lanes = Mat::Zero(n, 4);
            k->decay_abreast(x.data(), eighth, 0.6, power.data(), w.data(), std::min<Eigen::Index>(lags, 9), 0.4, -0.3, ends.data(), lanes.data(), lanes.col(1).data());
            Mat sums = Mat::Zero(geos_abreast, 4);
            k->hill.abreast[1][2].respond(eighth, 0.9, 1.3, lanes.data(), lanes.col(1).data(), n, d.data(), sums.data());
            out.col(9).head(n) += lanes.rowwise().sum();
            out.col(8).tail(8) += sums.rowwise().sum();
        }
        out(n, 9) = k->dot(x.data(), d.data(), n);
        out(n + 1, 9) = k->sum(x.data(), n);
        if (first.size() == 0) first = out;
        for (Eigen::Index c = 0; c < out.cols(); ++c)
            RC_ASSERT((out.col(c) - first.col(c)).cwiseAbs().maxCoeff() <= 1e-10 * std::max(1.0, first.col(c).cwiseAbs().maxCoeff()));
    }
}

TEST(Kernels, AreTheBestThisProcessorHasUnlessAskedOtherwise) {
    EXPECT_EQ(&kernels(), available().back());
    ASSERT_TRUE(use_instruction_set(InstructionSet::portable));
    EXPECT_EQ(kernels().instruction_set, InstructionSet::portable);
    use_best_instruction_set();
    EXPECT_EQ(&kernels(), available().back());
    for (const InstructionSet set : every_instruction_set) EXPECT_EQ(use_instruction_set(set), kernels_of(set) != nullptr);
    use_best_instruction_set();
}

}  // namespace
}  // namespace mmm
