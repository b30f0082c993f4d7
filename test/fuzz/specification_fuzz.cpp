// Fuzzed specifications: whatever the document, the outcome is a specification or an Error; and what is accepted can be
// written, read again, checked against data, and evaluated.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/knots.hpp"
#include "core/model/posterior.hpp"
#include "json_mutations.hpp"
#include "model/schema_check.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

// Valid documents: those of the tests, written short and in full, and every family and prior.
const std::vector<Json>& seeds() {
    static const std::vector<Json> all = [] {
        std::vector<Json> documents;
        std::vector<std::string> texts = test::specifications();
        texts.emplace_back(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": "web"}, "controls": ["price"],
            "trend": {"family": "gp", "basis": 5, "amplitude": 0.5}, "time_varying_media": {"scope": "channel", "basis": 3},
            "missing": {"values": {"media": "zero", "kpi": "skip", "price": "carry"}, "periods": "fill"}, "fit_from": "2022-03-01",
            "priors": {"trend.basis[1]": {"family": "half_normal", "sigma": 1}, "controls.price": {"family": "normal", "mu": 0, "sigma": 1}},
            "units": {"kpi": {"offset": 1, "scale": 10}, "media": {"tv": {"scale": 3}}, "controls": {"price": {"offset": 2, "scale": 3}},
            "time": {"from": "2022-01-03", "to": "2023-01-02"}}})");
        texts.emplace_back(R"({"time": "week", "kpi": "sales", "link": "log", "likelihood": "gamma", "media": {"tv": "tv"},
            "time_varying_media": true, "treatments": {"promo": "promo"}, "trend": {"family": "gp", "basis": 4},
            "events": [{"name": "sale", "dates": ["2022-03-01"], "optional": true}]})");
        for (const auto& text : texts) {
            documents.push_back(Json::parse(text));
            documents.push_back(write_specification(read_specification(documents.back())));
        }
        return documents;
    }();
    return all;
}

const std::vector<Json>& parts() {
    static const std::vector<Json> all = [] {
        std::vector<Json> values;
        for (const char* text :
             {R"({"family": "normal", "mu": 0, "sigma": 1})",
              R"({"family": "half_normal", "sigma": 2})",
              R"({"family": "truncated_normal", "mu": 0.8, "sigma": 0.8, "lower": 0.1, "upper": 10})",
              R"({"family": "log_normal", "mean": 1, "sd": 2, "shift": 0.1})",
              R"({"family": "beta", "alpha": 1, "beta": 3})",
              R"({"family": "gamma", "mean": 2, "sd": 1})",
              R"({"family": "inverse_gamma", "alpha": 3, "beta": 1})",
              R"({"family": "exponential", "rate": 2})",
              R"({"family": "uniform", "lower": 0, "upper": 1})",
              R"({"family": "laplace", "mu": 0, "b": 1})",
              R"({"family": "student_t", "nu": 4, "mu": 0, "sigma": 1})",
              R"({"family": "half_student_t", "nu": 4, "sigma": 1})",
              R"({"family": "cauchy", "mu": 0, "sigma": 1})",
              R"({"family": "half_cauchy", "sigma": 1})",
              R"({"family": "fixed", "value": 0.5})",
              "0.5",
              R"({"kind": "roi", "family": "total_paid_share", "mean": 0.4, "sd": 0.2})",
              R"({"kind": "contribution"})",
              R"({"last": 3})",
              R"({"column": "x"})",
              R"({"period": "week"})",
              R"(["2022-02-07"])",
              R"("x")",
              "1"})
            values.push_back(Json::parse(text));
        for (const auto& name : adstock_family_names()) values.push_back({{"family", name}});
        for (const auto& name : saturation_family_names()) values.push_back({{"family", name}});
        return values;
    }();
    return all;
}

const std::vector<std::string>& vocabulary() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> words = {
            "geo",   "nu",           "link",  "max_lag",  "order",           "mean",      "sd",     "shift",
            "lower", "upper",        "kind",  "simulate", "revenue_per_kpi", "half_life", "before", "after",
            "days",  "changepoints", "truth", "periods"};
        for (Json document : seeds()) {
            std::vector<Json*> nodes;
            fuzz::collect(document, nodes);
            for (const Json* node : nodes)
                if (node->is_object())
                    for (const auto& item : node->items()) words.push_back(item.key());
        }
        return words;
    }();
    return all;
}

std::string fuzzed(fuzz::Dice& dice) {
    Json document = dice.pick(seeds());
    for (std::size_t n = 1 + dice.below(3); n > 0; --n) fuzz::mutate(document, vocabulary(), parts(), dice);
    std::string text = document.dump();
    if (dice.chance(0.1)) text = fuzz::mutated(text, dice);
    // A key given twice: the document repeats its own beginning.
    if (dice.chance(0.02) && text.size() > 2) text = text.substr(0, text.size() - 1) + "," + text.substr(1);
    return text;
}

// Sixty weeks of every column the specification names.
Table table_of(const Specification& spec, fuzz::Dice& dice) {
    Table table;
    table.time_column = spec.time;
    for (int t = 0; t < 60; ++t)
        table.time.push_back(parse_timestamp("2022-01-03").value() + t * 7 * microseconds_per_day);
    table.time_is_null.assign(60, false);
    for (const auto& name : spec.columns) {
        TableColumn column;
        column.name = name;
        for (int t = 0; t < 60; ++t) column.values.push_back(1 + 9 * dice.uniform());
        column.is_null.assign(60, false);
        table.columns.push_back(std::move(column));
    }
    return table;
}

void check_written(const std::string& text, const Specification& spec) {
    static const test::SchemaCheck schema(Json::parse(specification_schema_json()));
    const std::string written = specification_json(spec);
    EXPECT_EQ(specification_json(*parse_specification(written)), written) << fuzz::shown(text);
    EXPECT_TRUE(schema.accepts(Json::parse(written))) << fuzz::shown(written);
}

void check_density(const Specification& spec, const Dataset& data, fuzz::Dice& dice) {
    Layout layout = make_layout(spec, data.geos, data.baseline_geo(spec));
    resolve_priors(spec, data, layout);
    const PosteriorData posterior_data = make_posterior(spec, layout, make_design(spec, data, layout));
    Posterior posterior(posterior_data);
    Vec gradient(posterior_data.dimension());
    const double log_density = posterior.evaluate(posterior.initial_point(dice.stream()), gradient);
    EXPECT_TRUE(std::isinf(log_density) ? log_density < 0 : std::isfinite(log_density) && gradient.allFinite())
        << log_density;
}

void check_posterior(const Specification& spec, fuzz::Dice& dice) {
    Dataset data;
    if (has_errors(check_data(spec, table_of(spec, dice), data))) return;
    if (spec.trend.family == TrendFamily::knots) {
        Specification placed = spec;
        placed.trend.positions = place_knots(spec, data);
        return check_density(placed, data, dice);
    }
    check_density(spec, data, dice);
}

TEST(FuzzedSpecifications, AreReadOrRefused) {
    const std::uint32_t n = fuzz::amount(100'000);
    std::uint32_t accepted = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        fuzz::Dice dice(1, i);
        const std::string text = fuzzed(dice);
        SpecificationPtr spec;
        if (!fuzz::outcome(text, [&] { spec = parse_specification(text); })) continue;
        ++accepted;
        ASSERT_TRUE(fuzz::outcome(text, [&] { check_written(text, *spec); })) << fuzz::shown(text);
        if (accepted % 5 == 0) fuzz::outcome(text, [&] { check_posterior(*spec, dice); });
    }
    // Mutations that everything refuses, or that change nothing, would test nothing.
    EXPECT_GT(accepted, n / 20);
    EXPECT_LT(accepted, n / 2);
}

TEST(FuzzedSpecifications, AreSimulatedOrRefused) {
    for (std::uint32_t i = 0; i < fuzz::amount(5'000); ++i) {
        fuzz::Dice dice(2, i);
        Json document = dice.pick(seeds());
        for (std::size_t n = 1 + dice.below(3); n > 0; --n) fuzz::mutate(document, vocabulary(), parts(), dice);
        if (document.is_object() && document.contains("simulate") && document["simulate"].is_object())
            document["simulate"]["periods"] = 30;
        const std::string text = document.dump();
        SimulatedRows rows;
        if (!fuzz::outcome(text, [&] { rows = simulate(text, i); })) continue;
        for (const double value : rows.kpi) ASSERT_TRUE(std::isfinite(value)) << fuzz::shown(text);
        EXPECT_TRUE(fuzz::outcome(text, [&] { simulate_truth(text, i); })) << fuzz::shown(text);
    }
}

TEST(FuzzedAdstocks, AreAppliedOrRefused) {
    const std::vector<Json> adstocks = {
        Json::parse(R"({"family": "geometric", "alpha": 0.5, "max_lag": 8})"),
        Json::parse(R"({"family": "delayed", "alpha": 0.5, "theta": 2})"),
        Json::parse(R"({"family": "weibull_pdf", "shape": 2, "scale": 3, "normalize": false})")};
    for (std::uint32_t i = 0; i < fuzz::amount(20'000); ++i) {
        fuzz::Dice dice(3, i);
        Json adstock = dice.pick(adstocks);
        fuzz::mutate(adstock, vocabulary(), parts(), dice);
        const std::string text = adstock.dump();
        fuzz::outcome(text, [&] { adstock_array({1, 0, 3, 2}, text); });
    }
}

}  // namespace
}  // namespace mmm
