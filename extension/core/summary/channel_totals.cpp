#include "core/summary/channel_totals.hpp"

#include "core/sampler/chains.hpp"
#include "core/summary/contributions.hpp"

namespace mmm {

namespace {

constexpr std::size_t draws_of_a_task = 100;
constexpr std::size_t draws_bytes_per_total = 8;  // kept where they are an eighth of the draws or less
constexpr std::size_t most_draws_bytes = 500'000'000;  // beyond, they could make a value larger than one can be

std::size_t numbers_of_draw(const FittedModel& model) { return 1 + 3 * model.spec.media.size(); }

}  // namespace

struct ChannelTotals::Work {
    const FittedModel& model;
    const Kernels& kernel = kernels();
    Contributions contributions;
    Vec mask, kpi, revenue;     // what a row counts: of the KPI, in the model's units of it, in those of its revenue
    Vec linear;                 // sum over rows of what each parameter adds to the KPI
    double offset = 0;
    std::vector<double> kpi_of_geo, revenue_of_geo;
    std::vector<MediaResponse> more;
    std::vector<Vec> more_x, more_reach;
    Vec parameters;
    Mat parts;
    Vec base, increased;

    Work(const FittedModel& fitted, const Vec& rows)
        : model(fitted), contributions(fitted), mask(rows), kpi(rows.cwiseProduct(fitted.design.row_scale)),
          revenue(kpi.cwiseProduct(fitted.data.revenue_per_kpi)), linear(Vec::Zero(fitted.layout.size())) {
        const Design& design = model.design;
        LinearPredictor(design, [](int) { return true; }).reverse(kpi, linear);
        offset = design.kpi_offset / design.kpi_scale * kpi.sum();
        for (Eigen::Index g = 0; g < design.n_geos; ++g) {
            kpi_of_geo.push_back(kpi.segment(g * design.n_periods, design.n_periods).sum());
            revenue_of_geo.push_back(revenue.segment(g * design.n_periods, design.n_periods).sum());
        }
        for (std::size_t m = 0; m < model.spec.media.size(); ++m) add_increased(m);
        parameters = Vec::Zero(model.layout.size());
    }

    // Exposure 1 % above what it was; of reach and frequency, reach.
    void add_increased(std::size_t m) {
        const Medium& medium = model.spec.media[m];
        const Design& design = model.design;
        const auto k = static_cast<Eigen::Index>(m);
        more.emplace_back(medium, model.layout.media[m], medium.paid() ? design.n_geos : 0, design.n_periods, nullptr, Gradient::unwanted);
        more_x.emplace_back(design.media.col(k) * (medium.has_frequency() ? 1 : 1 + marginal_step));
        more_reach.emplace_back(medium.has_frequency() ? Vec(design.reach.col(k) * (1 + marginal_step)) : Vec());
    }

    // sum over geos of coefficient times (what rows count, times the response less what counts as none)
    double sum_of(std::size_t m, const Vec& response, const Vec& counts, const std::vector<double>& of_geo) {
        const Vec& variation = contributions.variation_of(m);
        const double none = model.design.media_baseline[static_cast<Eigen::Index>(m)];
        const Eigen::Index periods = model.design.n_periods;
        double sum = 0;
        for (Eigen::Index g = 0; g < model.design.n_geos; ++g) {
            const double* rows = response.data() + g * periods;
            if (variation.size() > 0) {
                base = response.segment(g * periods, periods).cwiseProduct(variation);
                rows = base.data();
            }
            const double product = kernel.dot(counts.data() + g * periods, rows, periods);
            sum += contributions.coefficient_by_geo(m)[g] * (product - none * of_geo[static_cast<std::size_t>(g)]);
        }
        return sum;
    }

    // The baseline's, with the coefficients of treatments at what counts as none.
    double baseline(const TotalsOfDraw& out) {
        double sum = offset + linear.dot(parameters) + contributions.trend_variation_total(kpi);
        for (std::size_t m = 0; m < more.size(); ++m) {
            const double none = model.design.media_baseline[static_cast<Eigen::Index>(m)];
            for (Eigen::Index g = 0; none != 0 && g < model.design.n_geos; ++g)
                sum += none * contributions.coefficient_by_geo(m)[g] * kpi_of_geo[static_cast<std::size_t>(g)];
        }
        return sum + out.media.col(0).sum();
    }

    void sums(std::size_t draw, TotalsOfDraw& out) {
        model.copy_draw(draw, parameters);
        contributions.load(draw);
        for (std::size_t m = 0; m < more.size(); ++m) {
            const auto k = static_cast<Eigen::Index>(m);
            out.media(k, 0) = sum_of(m, contributions.response(m).value(), kpi, kpi_of_geo);
            out.media(k, 1) = sum_of(m, contributions.response(m).value(), revenue, revenue_of_geo);
            out.media(k, 2) = 0;
            if (!model.spec.media[m].paid()) continue;
            more[m].forward(more_x[m], more_reach[m], parameters);
            out.media(k, 2) = sum_of(m, more[m].value(), revenue, revenue_of_geo) - out.media(k, 1);
        }
        out.fitted = baseline(out);
    }

    // Link log: components multiply, so every row is computed.
    void by_row(std::size_t draw, TotalsOfDraw& out) {
        contributions.evaluate(draw, parts);
        const Vec value = mask.cwiseProduct(model.data.revenue_per_kpi);
        out.fitted = mask.dot(parts.rowwise().sum());
        for (std::size_t m = 0; m < more.size(); ++m) {
            const auto k = static_cast<Eigen::Index>(m);
            base = parts.col(parts.cols() - static_cast<Eigen::Index>(more.size() - m));
            out.media(k, 0) = mask.dot(base);
            out.media(k, 1) = value.dot(base);
            out.media(k, 2) = 0;
            if (!model.spec.media[m].paid()) continue;
            contributions.medium(m, 1 + marginal_step, increased);
            out.media(k, 2) = value.dot(increased) - value.dot(base);
        }
    }
};

ChannelTotals::ChannelTotals(const FittedModel& model, const Vec& mask) : work_(std::make_unique<Work>(model, mask)) {}
ChannelTotals::~ChannelTotals() = default;

void ChannelTotals::evaluate(std::size_t draw, TotalsOfDraw& out) {
    out.media.resize(static_cast<Eigen::Index>(work_->more.size()), 3);
    if (work_->model.spec.link == Link::log) work_->by_row(draw, out);
    else work_->sums(draw, out);
}

bool keeps_totals(const FittedModel& model) {
    const std::size_t bytes = numbers_of_draw(model) * sizeof(double), draw = static_cast<std::size_t>(model.layout.size()) * sizeof(float);
    return draws_bytes_per_total * bytes <= draw && draw * model.total_draws() <= most_draws_bytes;
}

void store_totals(FittedModel& model, int threads, const std::function<void()>& wait) {
    const std::size_t numbers = numbers_of_draw(model), total = model.total_draws();
    model.totals.assign(numbers * total, 0);
    const auto tasks = static_cast<int>((total + draws_of_a_task - 1) / draws_of_a_task);
    const Vec all = Vec::Ones(model.data.rows());
    run_tasks(tasks, threads, [&](int task, const StopFlag& stop) {
        ChannelTotals totals(model, all);
        TotalsOfDraw of_draw;
        const std::size_t begin = static_cast<std::size_t>(task) * draws_of_a_task, end = std::min(total, begin + draws_of_a_task);
        for (std::size_t draw = begin; draw < end; ++draw) {
            stop_if_asked(stop);
            totals.evaluate(draw, of_draw);
            double* to = model.totals.data() + draw * numbers;
            to[0] = of_draw.fitted;
            std::copy_n(of_draw.media.data(), numbers - 1, to + 1);
        }
    }, wait);
    // Too large for a number: computed when they are asked for, like those that are not kept.
    if (!Eigen::Map<const Vec>(model.totals.data(), static_cast<Eigen::Index>(model.totals.size())).allFinite()) model.totals.clear();
}

void read_totals(const FittedModel& model, std::size_t draw, TotalsOfDraw& out) {
    const std::size_t numbers = numbers_of_draw(model);
    const double* from = model.totals.data() + draw * numbers;
    out.media.resize(static_cast<Eigen::Index>(model.spec.media.size()), 3);
    out.fitted = from[0];
    std::copy_n(from + 1, numbers - 1, out.media.data());
}

}  // namespace mmm
