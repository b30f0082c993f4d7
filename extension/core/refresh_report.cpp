// What moved beyond noise between two fits.
//
// If nothing but the data has grown, the posterior mean moves by chance alone, and how far is known before the new rows are: by the
// law of total variance Var(new mean | old data) = old variance - E(new variance). So for a model that has seen all that
// the old one has,
//     z = (new mean - old mean) / sqrt(old sd^2 - new sd^2 + Monte Carlo error)
// is standard normal under linear-Gaussian models (the contrast of Hausman 1978, Econometrica 46(6)); sqrt(old sd^2 + new sd^2)
// would take the two for independent and hardly ever find anything. The difference is no less than (old sd / 4)^2: where rows
// said next to nothing of a parameter, rounding and the priors' matched families move it too. Models of other rows than the
// old one's are taken as independent: the sum.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include <boost/math/distributions/normal.hpp>

#include "core/refresh.hpp"
#include "core/summary/contributions.hpp"

namespace mmm {

namespace {

struct DrawMoments {
    double mean = 0, sd = 0;
    double error = 0;  // Monte Carlo, of the mean
};

DrawMoments draw_moments(const std::vector<double>& draws, double mcse) {
    DrawMoments m;
    const auto n = static_cast<double>(draws.size());
    for (const double x : draws) m.mean += x / n;
    double squares = 0;
    for (const double x : draws) squares += (x - m.mean) * (x - m.mean);
    m.sd = n > 1 ? std::sqrt(squares / (n - 1)) : std::nan("");
    m.error = std::isfinite(mcse) ? mcse : m.sd / std::sqrt(n);
    return m;
}

DrawMoments parameter_moments(const FittedModel& model, int p) {
    const float* draws = model.parameter_draws(p);
    return draw_moments({draws, draws + model.total_draws()}, model.convergence[static_cast<std::size_t>(p)].mcse_mean);
}

// Whether the new model knows all that the old one knew: it is its refresh, or was fitted to its rows and more.
bool is_nested(const FittedModel& old, const FittedModel& renewed) {
    if (renewed.spec.units) return true;
    std::vector<Timestamp> fitted;
    for (Eigen::Index row = 0; row < renewed.data.rows(); ++row)
        if (!renewed.data.holdout[static_cast<std::size_t>(row)])
            fitted.push_back(renewed.data.time[static_cast<std::size_t>(row % renewed.data.periods())]);
    std::sort(fitted.begin(), fitted.end());
    for (Eigen::Index row = 0; row < old.data.rows(); ++row)
        if (!old.data.holdout[static_cast<std::size_t>(row)] &&
            !std::binary_search(fitted.begin(), fitted.end(), old.data.time[static_cast<std::size_t>(row % old.data.periods())]))
            return false;
    return true;
}

std::string shift_text(const RefreshRow& row, double times) {
    char text[160];
    if (!row.moved) return "within what new data may change";
    std::snprintf(text, sizeof text, "%s by %.3g, %.1f times what new data of the same kind would move it", row.shift > 0 ? "rose" : "fell",
                  std::fabs(row.shift), times);
    return text;
}

// Parameters of models of other things may have the same names.
void require_same_subject(const FittedModel& old, const FittedModel& renewed) {
    const auto refuse = [](const std::string& what, const std::string& was, const std::string& is) {
        throw Error(ErrorKind::invalid_argument, "the models differ in their " + what + ": " + was + " and " + is, {},
                    "Give a model and its refresh, or two models of one KPI.");
    };
    if (old.spec.kpi != renewed.spec.kpi) refuse("kpi", '"' + old.spec.kpi + '"', '"' + renewed.spec.kpi + '"');
    if (old.spec.is_panel() != renewed.spec.is_panel())
        refuse("geos", old.spec.is_panel() ? "a panel" : "none", renewed.spec.is_panel() ? "a panel" : "none");
}

class RefreshReport {
public:
    RefreshReport(const FittedModel& old, const FittedModel& renewed, double level)
        : old_(old), new_(renewed), nested_(is_nested(old, renewed)), limit_(boost::math::quantile(boost::math::normal(), (1 + level) / 2)) {}

    std::vector<RefreshRow> run(const Poll& poll) {
        std::map<std::string, int> before;
        for (int p = 0; p < old_.layout.size(); ++p) before.emplace(old_.layout.at(p).name, p);
        const bool comparable = old_.data.geos == new_.data.geos && old_.layout.variations.empty() && new_.layout.variations.empty() &&
                                old_.spec.link == Link::identity && new_.spec.link == Link::identity;
        if (comparable) channels(poll);
        for (int p = 0; p < new_.layout.size(); ++p) {
            poll();
            const auto found = before.find(new_.layout.at(p).name);
            if (found == before.end() || !new_.layout.at(p).sampled() || is_roi(new_.layout.at(p).name)) continue;
            add(found->first, parameter_moments(old_, found->second), parameter_moments(new_, p));
        }
        return std::move(rows_);
    }

private:
    // An ROI is about all rows of its model, so those of two models do not compare; rows roi.<channel> do.
    static bool is_roi(const std::string& name) { return name.ends_with(".roi") || name.ends_with(".mroi") || name.ends_with(".contribution"); }

    void channels(const Poll& poll) {
        const DrawReturns before = returns_on(old_, new_.spec, new_.data, poll), after = returns_on(new_, new_.spec, new_.data, poll);
        for (std::size_t m = 0; m < new_.spec.media.size(); ++m) {
            const auto found = std::find_if(old_.spec.media.begin(), old_.spec.media.end(), [&](const Medium& o) { return o.name == new_.spec.media[m].name; });
            if (found == old_.spec.media.end()) continue;
            const Vec was = before.roi.col(found - old_.spec.media.begin()), is = after.roi.col(static_cast<Eigen::Index>(m));
            if (!was.allFinite() || !is.allFinite()) continue;
            add("roi." + found->name, draw_moments({was.begin(), was.end()}, std::nan("")), draw_moments({is.begin(), is.end()}, std::nan("")));
        }
    }

    void add(const std::string& name, const DrawMoments& was, const DrawMoments& is) {
        RefreshRow row{name, was.mean, was.sd, is.mean, is.sd, is.mean - was.mean, std::nullopt, false, {}};
        const double information = nested_ ? std::max(was.sd * was.sd - is.sd * is.sd, was.sd * was.sd / 16) : was.sd * was.sd + is.sd * is.sd;
        const double spread = std::sqrt(information + was.error * was.error + is.error * is.error);
        if (std::isfinite(spread) && spread > 0) row.z = row.shift / spread;
        row.moved = row.z && std::fabs(*row.z) > limit_;
        row.message = row.z ? shift_text(row, std::fabs(*row.z)) : "one of the models has no draws to compare";
        rows_.push_back(std::move(row));
    }

    const FittedModel& old_;
    const FittedModel& new_;
    const bool nested_;
    const double limit_;
    std::vector<RefreshRow> rows_;
};

}  // namespace

std::vector<RefreshRow> refresh_report(const FittedModel& old, const FittedModel& renewed, double level, const Poll& poll) {
    check_level(level);
    require_same_subject(old, renewed);
    return RefreshReport(old, renewed, level).run(poll);
}

}  // namespace mmm
