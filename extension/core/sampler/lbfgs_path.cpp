#include "core/sampler/lbfgs_path.hpp"

#include <lbfgs.h>

#include <cmath>
#include <exception>
#include <memory>

#include "core/error.hpp"

namespace mmm {

namespace {

// The library minimises; a density of zero becomes this wall, from which its line search steps back.
constexpr double wall = 1e300;

struct Run {
    const Density& density;
    const StopFlag& stop;
    LbfgsPath path;
    std::exception_ptr failure;
};

// Exceptions must not cross the C library: they are kept and rethrown by the caller.
double evaluate(void* instance, const double* x, double* gradient, int n, double) {
    auto& run = *static_cast<Run*>(instance);
    Eigen::Map<Vec> g(gradient, n);
    try {
        if (run.stop) throw Error(ErrorKind::cancelled, "the work was cancelled");
        const double log_density = run.density.evaluate(Eigen::Map<const Vec>(x, n), g);
        if (std::isfinite(log_density) && g.allFinite()) {
            g = -g;
            return -log_density;
        }
    } catch (...) {
        run.failure = std::current_exception();
    }
    g.setZero();
    return wall;
}

int progress(void* instance, const double* x, const double* gradient, double value, double, double, double, int n, int,
             int) {
    auto& run = *static_cast<Run*>(instance);
    if (run.failure || run.stop) return 1;
    try {
        run.path.position.emplace_back(Eigen::Map<const Vec>(x, n));
        run.path.gradient.emplace_back(-Eigen::Map<const Vec>(gradient, n));
        run.path.log_density = -value;
    } catch (...) {
        run.failure = std::current_exception();
        return 1;
    }
    return 0;
}

struct LbfgsDeleter {
    void operator()(double* x) const { lbfgs_free(x); }
};

}  // namespace

LbfgsPath lbfgs_path(const Density& density, ConstVecRef start, int max_iterations, double precision,
                     const StopFlag& stop) {
    Run run{density, stop, {}, nullptr};
    Vec gradient = Vec::Zero(start.size());
    run.path.log_density = density.evaluate(start, gradient);
    if (!std::isfinite(run.path.log_density)) gradient.setZero();
    run.path.position.emplace_back(start);
    run.path.gradient.push_back(gradient);
    if (!std::isfinite(run.path.log_density)) return run.path;
    const auto n = static_cast<int>(start.size());
    const std::unique_ptr<double, LbfgsDeleter> x(lbfgs_malloc(n));
    if (!x) throw std::bad_alloc();
    Eigen::Map<Vec>(x.get(), n) = start;
    lbfgs_parameter_t options;
    lbfgs_parameter_init(&options);
    options.m = 10;
    options.epsilon = precision;
    options.max_iterations = max_iterations;
    options.linesearch = LBFGS_LINESEARCH_BACKTRACKING_STRONG_WOLFE;
    options.max_linesearch = 40;
    const int status = lbfgs(n, x.get(), nullptr, evaluate, progress, &run, &options);
    if (run.failure) std::rethrow_exception(run.failure);
    if (stop) throw Error(ErrorKind::cancelled, "the work was cancelled");
    run.path.converged = status == LBFGS_SUCCESS || status == LBFGS_ALREADY_MINIMIZED;
    return run.path;
}

}  // namespace mmm
