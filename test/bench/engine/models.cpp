#include "models.hpp"

#include <algorithm>

#include "core/model/knots.hpp"
#include "recovery/family_models.hpp"

namespace mmm::bench {

namespace {

std::string geo_all_channels() {
    std::string media;
    for (int m = 0; m < 5; ++m) {
        const std::string channel = "Channel" + std::to_string(m);
        media += (m > 0 ? ", \"" : "\"") + channel + R"(": {"spend": ")" + channel + R"(_spend", "exposure": ")" + channel + R"(_impression"})";
    }
    return R"({"preset": "meridian", "time": "time", "geo": "geo", "population": "population", "kpi": "conversions",
        "kpi_type": "units", "revenue_per_kpi": "revenue_per_conversion", "media": {)" + media + R"(},
        "organic_media": {"organic": "Organic_channel0_impression"}, "treatments": {"promo": "Promo"},
        "controls": ["competitor_sales_control", "sentiment_score_control"], "trend": {"family": "knots", "knots": "auto"}})";
}

// What exp and log of glibc's vector library take, counted from their polynomials.
constexpr double exp_cost = 12, log_cost = 16;

double saturation_cost(const Medium& medium) {
    switch (medium.saturation.family) {
        case SaturationFamily::none: return 0;
        case SaturationFamily::hill:
            return medium.saturation.priors[1].is_fixed() && medium.saturation.priors[1].p[0] == 1 ? 6 : 12 + exp_cost + 2 * log_cost;
        case SaturationFamily::michaelis_menten: return 6;
        case SaturationFamily::root: return 6 + exp_cost + 2 * log_cost;
        case SaturationFamily::log: return 4 + log_cost;
        default: return 8 + exp_cost;
    }
}

double medium_cost(const PosteriorData& data, std::size_t m) {
    const Medium& medium = data.spec.media[m];
    double moving = 0;
    for (int p = 0; p < adstock_parameter_count(medium.adstock.form.family); ++p)
        moving += medium.adstock.priors[static_cast<std::size_t>(p)].is_fixed() ? 0 : 1;
    const double lags = medium.adstock.form.family == AdstockFamily::none ? 1 : medium.adstock.form.max_lag + 1;
    const double carried = lags * (1 + moving) + moving;
    const double scenarios = has_alternative(medium) ? 2 : 1;
    const double incremental = medium.effect == EffectKind::coefficient ? 0 : 1;
    // Into the mean, the coefficient's gradient, d / d response from residual and revenue.
    return scenarios * (carried + saturation_cost(medium) + incremental) + 4;
}

}  // namespace

const std::vector<Model>& peers_models() {
    static const std::string four = R"("media": {"a": "a", "b": "b", "c": "c", "d": "d"}, "controls": ["price", "weather"],
        "seasonality": {"period": "year", "order": 2})";
    static const std::vector<Model> all = {
        {"mmm_example", R"({"preset": "pymc", "time": "date_week", "kpi": "y", "max_lag": 7, "media": {"x1": "x1", "x2": "x2"},
            "controls": ["event_1", "event_2", "t"], "seasonality": {"period": "year", "order": 2}})", "data/mmm_example.csv"},
        {"simulated_104x4", R"({"preset": "pymc", "time": "week", "kpi": "sales", "simulate": {"periods": 104}, )" + four + "}", ""},
        {"geo_all_channels", geo_all_channels(), "data/geo_all_channels.csv"}};
    return all;
}

std::vector<Model> every_model() {
    std::vector<Model> all = peers_models();
    for (const auto& family : test::family_models()) all.push_back({family.name, family.spec, ""});
    return all;
}

std::optional<Table> table_of(const Model& model) {
    if (model.file.empty()) return test::simulated_table(model.spec, 1);
    const std::string path = test::shared_file(model.file);
    if (path.empty()) return std::nullopt;
    return test::csv_table(path, model.spec);
}

Prepared prepare(const Model& given, const Table& table) {
    Prepared p;
    FittedModel& model = p.model;
    model.spec = *parse_specification(given.spec);
    const auto findings = check_data(model.spec, table, model.data);
    if (has_errors(findings)) throw_findings(findings, given.name);
    if (model.spec.trend.family == TrendFamily::knots) model.spec.trend.positions = place_knots(model.spec, model.data);
    model.rebuild();
    p.data = choose_coordinates_at_mode(make_posterior(model.spec, model.layout, model.design), StopFlag{false});
    return p;
}

double multiply_adds(const PosteriorData& data) {
    const Design& design = data.design;
    const double rows = static_cast<double>(design.rows()), geos = static_cast<double>(design.n_geos);
    double per_row = 0, total = 0;
    for (std::size_t m = 0; m < data.spec.media.size(); ++m) per_row += medium_cost(data, m);
    for (const auto& block : design.blocks) {
        const double columns = static_cast<double>(block.columns.cols());
        // There and back; columns of periods that geos share are added up over geos first.
        const double cells = block.by_row || block.by_geo ? rows : static_cast<double>(design.n_periods);
        total += 2 * columns * cells + (block.by_row || block.by_geo ? 0 : 2 * rows);
    }
    const double integrated = static_cast<double>(data.marginal.size()), whitened = static_cast<double>(data.whitened.size());
    total += 2 * integrated * integrated + whitened * whitened;
    total += 30 * geos * static_cast<double>(data.spec.media.size()) * (design.n_geos > 1 ? 1 : 0);  // deviations and their priors
    // Residual, squares, d / d mean, d / d sigma.
    return total + rows * (per_row + 5);
}

}  // namespace mmm::bench
