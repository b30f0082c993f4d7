#include "core/sampler/convergence.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <utility>

#include <unsupported/Eigen/FFT>

#include <boost/math/special_functions/erf.hpp>

namespace mmm {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Equal magnitudes lie next to each other; `index` is where the value belongs in the column-major matrix.
struct Entry {
    double value;
    std::uint32_t index;
};

// First and second half of each chain as chains of their own; the middle draw of an odd number is dropped.
Mat split_chains(ConstMatRef draws) {
    const Eigen::Index half = draws.rows() / 2;
    Mat split(half, 2 * draws.cols());
    for (Eigen::Index chain = 0; chain < draws.cols(); ++chain) {
        split.col(2 * chain) = draws.col(chain).head(half);
        split.col(2 * chain + 1) = draws.col(chain).tail(half);
    }
    return split;
}

// Normal scores z_r = Phi^-1((r - 3/8) / (S + 1/4)) of the (average) rank r = 1..S, equation (14).
class NormalScores {
public:
    explicit NormalScores(std::size_t size) : size_(size), scores_(size) {
        for (std::size_t i = 0; i < size / 2; ++i) {
            scores_[i] = score(static_cast<double>(i + 1));
            scores_[size - 1 - i] = -scores_[i];
        }
    }
    // Of the `count` tied values at places first, first + 1, ... of the sorted order (from 0).
    double operator()(std::size_t first, std::size_t count) const {
        if (count == 1) return scores_[first];
        return score(static_cast<double>(first) + 0.5 * static_cast<double>(count + 1));
    }

private:
    double score(double rank) const {
        const double probability = (rank - 0.375) / (static_cast<double>(size_) + 0.25);
        return std::sqrt(2.0) * boost::math::erf_inv(2 * probability - 1);
    }
    std::size_t size_;
    std::vector<double> scores_;
};

// Rank-normalises sorted entries into the split matrix they came from.
void scatter_scores(const std::vector<Entry>& sorted, const NormalScores& scores, Mat& split) {
    double* out = split.data();
    for (std::size_t i = 0; i < sorted.size();) {
        std::size_t end = i + 1;
        while (end < sorted.size() && !(sorted[end].value > sorted[i].value)) ++end;
        const double z = scores(i, end - i);
        for (; i < end; ++i) out[sorted[i].index] = z;
    }
}

std::vector<Entry> sorted_entries(const Mat& split) {
    std::vector<Entry> entries(static_cast<std::size_t>(split.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) {
        entries[i] = {split.data()[i], static_cast<std::uint32_t>(i)};
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.value < b.value; });
    return entries;
}

// |x - median| in increasing order, merged from the two sides of the median.
std::vector<Entry> folded_entries(const std::vector<Entry>& sorted, double median) {
    std::vector<Entry> folded;
    folded.reserve(sorted.size());
    const auto middle = std::partition_point(sorted.begin(), sorted.end(), [=](const Entry& e) { return e.value < median; });
    auto up = middle;
    auto down = std::make_reverse_iterator(middle);
    while (up != sorted.end() || down != sorted.rend()) {
        const bool take_up = down == sorted.rend() || (up != sorted.end() && up->value - median < median - down->value);
        if (take_up) {
            folded.push_back({up->value - median, up->index});
            ++up;
        } else {
            folded.push_back({median - down->value, down->index});
            ++down;
        }
    }
    return folded;
}

// Unbiased variance of a vector.
double variance(const Vec& values) {
    const double mean = values.mean();
    return (values.array() - mean).square().sum() / static_cast<double>(values.size() - 1);
}

// Equation (4): sqrt(((N - 1) / N W + B / N) / W) with B / N the variance of the chains' means.
double rhat_of(const Mat& chains) {
    const auto n = static_cast<double>(chains.rows());
    Vec means(chains.cols());
    double within = 0;
    for (Eigen::Index c = 0; c < chains.cols(); ++c) {
        means[c] = chains.col(c).mean();
        within += (chains.col(c).array() - means[c]).square().sum() / (n - 1);
    }
    within /= static_cast<double>(chains.cols());
    return std::sqrt(variance(means) / within + (n - 1) / n);
}

// Autocorrelations of several chains, combined as in equation (10), one lag at a time.
class Autocorrelation {
public:
    explicit Autocorrelation(Mat chains) : centred_(std::move(chains)) {
        const auto n = static_cast<double>(centred_.rows());
        const Vec means = centred_.colwise().mean().transpose();
        centred_.rowwise() -= means.transpose();
        within_ = covariance(0) * n / (n - 1);
        total_ = covariance(0) + (means.size() > 1 ? variance(means) : 0.0);
    }
    double at(Eigen::Index lag) { return 1 - (within_ - covariance(lag)) / total_; }
    double chains() const { return static_cast<double>(centred_.cols()); }
    Eigen::Index length() const { return centred_.rows(); }

private:
    // Most series need a few lags; chains that disagree need all of them, which only a Fourier transform makes cheap.
    static constexpr Eigen::Index short_lag = 128;

    // Mean over chains of 1/N sum_i (x_i - mean)(x_(i + lag) - mean).
    double covariance(Eigen::Index lag) {
        if (lag < short_lag) return direct_covariance(lag);
        if (by_lag_.size() == 0) transform();
        return by_lag_[lag];
    }
    double direct_covariance(Eigen::Index lag) const {
        const Eigen::Index n = centred_.rows();
        double sum = 0;
        for (Eigen::Index c = 0; c < centred_.cols(); ++c) {
            sum += centred_.col(c).head(n - lag).dot(centred_.col(c).tail(n - lag));
        }
        return sum / static_cast<double>(n * centred_.cols());
    }
    // All lags at once: the inverse transform of the mean power spectrum, padded so that nothing wraps around.
    void transform() {
        const Eigen::Index n = centred_.rows();
        Eigen::Index size = 1;
        while (size < 2 * n) size *= 2;
        Eigen::FFT<double> fft;
        Vec padded = Vec::Zero(size), power = Vec::Zero(size);
        Eigen::VectorXcd spectrum;
        for (Eigen::Index c = 0; c < centred_.cols(); ++c) {
            padded.head(n) = centred_.col(c);
            fft.fwd(spectrum, padded);
            power += spectrum.cwiseAbs2();
        }
        Eigen::VectorXcd back;
        spectrum = power.cast<std::complex<double>>();
        fft.inv(back, spectrum);
        by_lag_ = back.real().head(n) / static_cast<double>(n * centred_.cols());
    }

    Mat centred_;
    Vec by_lag_;
    double within_ = 0;
    double total_ = 0;
};

// Effective sample size of (already split) chains, section 3.2: Geyer's initial positive and monotone sequences of the
// sums of neighbouring autocorrelations, with the antithetic-friendly last term, at most S log10 S.
double ess_of(Mat chains) {
    Autocorrelation rho(std::move(chains));
    const Eigen::Index n = rho.length();
    double even = 1;
    double odd = rho.at(1);
    double previous = even + odd;
    double sum = 0;  // of the monotone pair sums before the last pair
    Eigen::Index lag = 0;
    while (lag < n - 5 && even + odd > 0) {
        const double pair = std::min(even + odd, previous);
        sum += pair;
        previous = pair;
        lag += 2;
        even = rho.at(lag);
        odd = rho.at(lag + 1);
    }
    const double tail = lag > 0 ? std::max(even, 0.0) : 1.0;
    const double draws = static_cast<double>(n) * rho.chains();
    const double tau = std::max(-1 + 2 * sum + tail, 1 / std::log10(draws));
    return draws / tau;
}

Mat at_most(const Mat& split, double bound) {
    return (split.array() <= bound).cast<double>();
}

bool is_constant(const Mat& m) { return (m.array() == m(0, 0)).all(); }

double ess_checked(Mat m) { return is_constant(m) ? nan : ess_of(std::move(m)); }

}  // namespace

Convergence convergence(ConstMatRef draws) {
    Convergence result{nan, nan, nan, nan, nan, nan};
    if (draws.size() == 0 || !draws.allFinite()) return result;
    result.mean = draws.mean();
    const auto total = static_cast<double>(draws.size());
    result.sd = std::sqrt((draws.array() - result.mean).square().sum() / (total - 1));
    if (draws.rows() < 6 || is_constant(draws)) return result;
    const Mat split = split_chains(draws);
    const std::vector<Entry> sorted = sorted_entries(split);
    std::vector<double> values;
    if (split.size() == draws.size()) {
        values.reserve(sorted.size());
        for (const Entry& e : sorted) values.push_back(e.value);
    } else {
        values.assign(draws.data(), draws.data() + draws.size());
        std::sort(values.begin(), values.end());
    }
    const NormalScores scores(sorted.size());
    Mat z(split.rows(), split.cols());
    scatter_scores(folded_entries(sorted, quantile_sorted(values.data(), values.size(), 0.5)), scores, z);
    const double rhat_folded = rhat_of(z);
    scatter_scores(sorted, scores, z);
    result.rhat = std::max(rhat_of(z), rhat_folded);
    result.ess_bulk = ess_checked(std::move(z));
    const double lower_tail = ess_checked(at_most(split, quantile_sorted(values.data(), values.size(), 0.05)));
    const double upper_tail = ess_checked(at_most(split, quantile_sorted(values.data(), values.size(), 0.95)));
    // Undefined if either is.
    result.ess_tail = std::isnan(upper_tail) || std::isnan(lower_tail) ? nan : std::min(lower_tail, upper_tail);
    result.mcse_mean = result.sd / std::sqrt(ess_checked(split));
    return result;
}

double ess_mean(ConstMatRef draws) {
    if (draws.rows() < 6 || !draws.allFinite()) return nan;
    return ess_checked(split_chains(draws));
}

double quantile_sorted(const double* sorted, std::size_t n, double probability) {
    if (n == 0) return nan;
    const double at = probability * static_cast<double>(n - 1);
    const auto below = std::min(static_cast<std::size_t>(at), n - 1);
    const auto above = std::min(below + 1, n - 1);
    const double weight = at - static_cast<double>(below);
    return sorted[below] + weight * (sorted[above] - sorted[below]);
}

double e_bfmi(const std::vector<float>& energy) {
    double mean = 0;
    for (const float e : energy) mean += e;
    mean /= static_cast<double>(energy.size());
    double steps = 0, spread = 0;
    for (std::size_t i = 0; i < energy.size(); ++i) {
        spread += (energy[i] - mean) * (energy[i] - mean);
        if (i > 0) {
            const double step = static_cast<double>(energy[i]) - energy[i - 1];
            steps += step * step;
        }
    }
    return steps / spread;
}

}  // namespace mmm
