// Prior distributions as values: a family, its parameters, and what samplers need of it.
//
//   normal(mu, sigma)                            half_normal(sigma)        x >= 0
//   truncated_normal(mu, sigma, lower, upper)    log_normal(mu, sigma[, shift]) or (mean, sd[, shift]): shift + exp(N)
//   beta(alpha, beta)                            gamma(alpha, beta) or (mean, sd): shape and rate
//   inverse_gamma(alpha, beta) or (mean, sd)     exponential(rate)
//   uniform(lower, upper)                        laplace(mu, b)
//   student_t(nu, mu, sigma)                     half_student_t(nu, sigma)
//   cauchy(mu, sigma)                            half_cauchy(sigma)
//   fixed(value): not sampled at all
//   total_paid_share(mean, sd): for the ROI of paid media only, the log-normal that Meridian gives all channels so that
//   paid media's share of the KPI has this mean and sd; resolved to log_normal once the data is known
//   (Meridian, model/prior_distribution.py)
//
// Parametrisations follow the Stan functions reference. All densities are up to a constant that does not depend on x.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/random.hpp"

namespace mmm {

enum class PriorFamily {
    normal, half_normal, truncated_normal, log_normal, beta, gamma, inverse_gamma, exponential, uniform, laplace,
    student_t, half_student_t, cauchy, half_cauchy, fixed, total_paid_share
};

struct Interval {
    double lower;
    double upper;
};

struct Hyperprior;

// Parameters in the order given above.
//
// `by_geo`: every geo of a panel has a parameter of its own, independent given the prior's arguments. `hyper`: arguments
// that are parameters themselves, with a prior each. Independent parameters by geo are "unpooled"; by geo with a
// hyperprior, "partially pooled" (Gelman & Hill 2007, ch. 12); neither, "pooled".
struct Prior {
    PriorFamily family = PriorFamily::normal;
    std::array<double, 4> p{};
    bool by_geo = false;
    std::vector<Hyperprior> hyper;

    bool is_fixed() const { return family == PriorFamily::fixed; }
};

struct Hyperprior {
    int argument;  // position in p; p holds a value typical of the hyperprior
    Prior prior;
};

Prior make_prior(PriorFamily family, double p1 = 0, double p2 = 0, double p3 = 0, double p4 = 0);

Interval prior_support(const Prior& prior);

// ln p(x) and its derivative by x, for x inside the support.
double prior_log_density(const Prior& prior, double x, double& derivative);

// A draw from the prior truncated to `domain`, by inversion of the distribution function (Boost.Math). Not-a-number for
// laws so extreme that their quantile cannot be computed.
double prior_draw(const Prior& prior, Interval domain, RandomStream& random);

// Mean and standard deviation for scaling and starting points; where one does not exist, the median and a robust scale.
double prior_center(const Prior& prior);
double prior_scale(const Prior& prior);

// What a prior is on: total_paid_share has a meaning for the effect of a medium only, and a hyperprior has no priors
// on its own arguments.
enum class PriorOn { parameter, effect, hyper };

// Families whose arguments may have priors: those of hierarchy.hpp.
bool may_be_hierarchical(PriorFamily family);

// The names of a family's arguments, in the order of Prior::p.
std::vector<std::string> prior_argument_names(PriorFamily family);

// A prior object, or a number (a fixed value). Errors name the path.
Prior parse_prior(const Json& value, const std::string& path, PriorOn on = PriorOn::parameter);
Prior parse_prior_or(JsonObject& object, const std::string& key, const Prior& fallback);

// Throws for a prior that leaves nothing of the parameter's own range.
void require_inside(const Prior& prior, Interval domain, const std::string& path);

Json prior_json(const Prior& prior);

// JSON Schema of a prior, from the same table that the parser reads.
Json prior_schema();

}  // namespace mmm
