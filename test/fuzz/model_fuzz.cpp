// Fuzzed models, as bytes and as text: whatever comes in, the outcome is a model or an Error; and what is accepted can
// be written again and asked every question.
#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <cstring>

#include "core/model/codec.hpp"
#include "json_mutations.hpp"
#include "model/hand_made_model.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

const std::vector<std::string>& specifications() {
    static const std::vector<std::string> all = {
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
            "simulate": {"periods": 20}})",
        R"({"time": "month", "kpi": "sales", "kpi_type": "units", "revenue_per_kpi": "price", "likelihood": "student_t",
            "media": {"tv": {"spend": "tv", "adstock": {"family": "delayed", "max_lag": 3}, "saturation": "hill",
            "prior": {"kind": "roi"}}},
            "organic_media": {"mail": {"exposure": "mails", "adstock": {"family": "binomial", "max_lag": 2},
            "saturation": "root"}},
            "controls": ["rain"], "seasonality": false, "events": [{"name": "sale", "dates": ["2023-01-03"],
            "shape": "gaussian"}],
            "holdout": {"last": 2}, "simulate": {"periods": 30, "step": "month", "truth": {"nu": 4,
            "media.tv.roi": 1}}})",
        R"({"time": "week", "geo": "region", "kpi": "sales", "media": {"tv": "tv"},
            "reach_frequency": {"video": {"spend": "video", "reach": "people", "frequency": "times"}},
            "trend": {"family": "gp", "basis": 4}, "time_varying_media": {"scope": "channel", "basis": 3},
            "seasonality": false, "missing": {"values": {"kpi": "skip", "media": "zero"}, "periods": "fill"},
            "priors": {"media.tv.coefficient": {"family": "half_normal", "sigma": 1}}, "fit_from": "2022-02-01",
            "units": {"kpi": {"offset": 0, "scale": 1000}, "media": {"tv": {"scale": 2}},
            "time": {"from": "2022-01-03", "to": "2022-06-03"}}, "simulate": {"periods": 20, "geos": 2}})",
        R"({"time": "day", "kpi": "sales", "link": "log", "likelihood": "negative_binomial", "media": {"tv": "tv"},
            "treatments": {"price": "price"}, "controls": ["rain"], "time_varying_media": {"basis": 4}, "trend": {"family": "gp", "basis": 5},
            "seasonality": [{"period": "week", "family": "weekday"}],
            "simulate": {"periods": 30, "step": "day", "kpi_scale": 100}})"};
    return all;
}

const std::vector<FittedModel>& models() {
    static const std::vector<FittedModel> all = [] {
        std::vector<FittedModel> made;
        // Leave-one-out wants 25 draws; one model has them, the other may refuse.
        for (const auto& spec : specifications())
            made.push_back(test::hand_made_model(spec, 1, 2, made.empty() ? 13 : 5));
        // What rules put where the data had nothing, and rows whose KPI is not known.
        FittedModel& filled = made[2];
        filled.data.filled = {{{"tv", MissingRule::zero, 3}, {"sales", MissingRule::skip, 1}}, 2};
        filled.data.kpi_unknown.assign(static_cast<std::size_t>(filled.data.rows()), false);
        filled.data.kpi_unknown[7] = filled.data.holdout[7] = true;
        filled.data.kpi[7] = 0;
        filled.rebuild();
        return made;
    }();
    return all;
}

// The checksum made right, so that the damage reaches the parser behind it.
std::string sealed(std::string bytes) {
    if (bytes.size() < 12) return bytes;
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data() + 12, bytes.size() - 12);
    const auto sum = static_cast<std::uint32_t>(crc.checksum());
    std::memcpy(bytes.data() + 8, &sum, sizeof sum);
    return bytes;
}

std::string random_bytes(fuzz::Dice& dice) {
    std::string bytes;
    for (std::size_t n = dice.below(400); n > 0; --n) bytes += dice.byte();
    return bytes;
}

// Text of the tokens that a model's JSON is made of.
std::string random_text(fuzz::Dice& dice) {
    static const std::vector<std::string> tokens = {
        "{",        "}",    "[",           "]",       ",",     ":",        "\"mmm_model\"", "1",
        "\"spec\"", "null", "true",        "-0.0",    "1e308", "\"data\"", "\"chains\"",    "\"draws_float32_base64\"",
        "\"\"",     " ",    "\"periods\"", "\\u0000", "\xFF"};
    std::string text;
    for (std::size_t n = dice.below(40); n > 0; --n) text += dice.pick(tokens);
    return text;
}

// The next two periods of every geo, without media.
Table future_of(const FittedModel& model) {
    Table table;
    table.time_column = model.spec.time;
    table.geo_column = model.spec.geo;
    table.geo_names = model.data.geos;
    for (Eigen::Index g = 0; g < model.data.n_geos(); ++g)
        for (const int step : {1, 2}) {
            table.time.push_back(add_steps(model.data.time.back(), model.data.step, step));
            if (!model.data.geos.empty()) table.geo.push_back(static_cast<int>(g));
        }
    const std::size_t n = table.time.size();
    table.time_is_null.assign(n, false);
    for (const auto& name : predictor_columns(model.spec))
        table.columns.push_back({name, "double precision", ColumnStatus::ok, std::vector<double>(n, 0.0),
                                 std::vector<bool>(n, false), 0});
    return table;
}

void ask_everything(const FittedModel& model) {
    const Poll& idle = test::idle;
    summary(model, 0.9, idle);
    diagnostics(model, idle);
    channels(model, 0.9, {}, idle);
    decomposition(model, 0.9, idle);
    fitted(model, 0.9, idle);
    draws(model, std::nullopt);
    response_curve(model, std::nullopt, std::vector<double>{0, 1.5}, 0.9, std::nullopt, idle);
    adstock_curve(model, 0.9, idle);
    saturation_curve(model, 3, 0.9, idle);
    arviz_json(model, idle);
    predict(model, future_of(model), 0.9, idle);
    loo(model, idle);
    const auto may_refuse = [](auto&& action) {
        try {
            action();
        } catch (const Error&) {
        }
    };
    may_refuse([&] { optimal_frequency(model, std::nullopt, 0.9, std::nullopt, idle); });
    may_refuse([&] { refresh_report(models()[0], model, 0.9, idle), refresh_report(model, models()[0], 0.9, idle); });
    may_refuse([&] { optimize_budget(model, R"({"by": "period", "every": 7})", idle); });
}

// A model that was accepted is as good as any other.
void check_accepted(const std::string& input, const FittedModelPtr& model) {
    std::string bytes, text;
    ASSERT_TRUE(fuzz::outcome(input, [&] { bytes = model_to_bytes(*model), text = model_to_json(*model); }))
        << fuzz::shown(input);
    ASSERT_TRUE(fuzz::outcome(input, [&] {
        EXPECT_EQ(model_to_bytes(*model_from_bytes(bytes)), bytes);
        EXPECT_EQ(model_to_json(*model_from_json(text)), text);
    })) << fuzz::shown(input);
    fuzz::outcome(input, [&] { ask_everything(*model); });
}

TEST(RandomBytes, AreNoModels) {
    for (std::uint32_t i = 0; i < fuzz::amount(10'000); ++i) {
        fuzz::Dice dice(10, i);
        std::string bytes = random_bytes(dice);
        EXPECT_FALSE(fuzz::outcome(bytes, [&] { model_from_bytes(bytes); }));
        if (dice.chance(0.5)) bytes = sealed(std::string("MMM\0\1\0\0\0\0\0\0\0", 12) + bytes);
        EXPECT_FALSE(fuzz::outcome(bytes, [&] { model_from_bytes(bytes); }));
        const std::string text = dice.chance(0.5) ? bytes : random_text(dice);
        EXPECT_FALSE(fuzz::outcome(text, [&] { model_from_json(text); }));
    }
}

TEST(DamagedModels, AsBytesAreReadOrRefused) {
    std::uint32_t accepted = 0;
    for (std::uint32_t i = 0; i < fuzz::amount(10'000); ++i) {
        fuzz::Dice dice(11, i);
        const std::string bytes = fuzz::mutated(encode_model(dice.pick(models())), dice);
        const std::string input = dice.chance(0.9) ? sealed(bytes) : bytes;
        FittedModelPtr model;
        if (!fuzz::outcome(input, [&] { model = model_from_bytes(input); })) continue;
        ++accepted;
        check_accepted(input, model);
    }
    EXPECT_GT(accepted, 0u);
}

TEST(DamagedModels, AsTextAreReadOrRefused) {
    std::vector<std::string> vocabulary;
    std::vector<Json> texts;
    for (const auto& model : models()) {
        texts.push_back(Json::parse(model_text(model)));
        for (const auto& item : texts.back().items()) vocabulary.push_back(item.key());
        for (const auto& item : texts.back()["spec"].items()) vocabulary.push_back(item.key());
    }
    const std::vector<Json> parts = {
        Json::parse(R"({"family": "normal", "mu": 0, "sigma": 1})"), "geometric", 1, 0.5, Json::array(), "x"};
    std::uint32_t accepted = 0;
    for (std::uint32_t i = 0; i < fuzz::amount(10'000); ++i) {
        fuzz::Dice dice(12, i);
        Json document = dice.pick(texts);
        // The specification is a small part of the text but has most of the meaning.
        Json& target = dice.chance(0.5) && document.contains("spec") ? document["spec"] : document;
        fuzz::mutate(target, vocabulary, parts, dice);
        std::string text = document.dump();
        if (dice.chance(0.3)) text = fuzz::mutated(text, dice);
        FittedModelPtr model;
        if (!fuzz::outcome(text, [&] { model = model_from_json(text); })) continue;
        ++accepted;
        check_accepted(text, model);
    }
    EXPECT_GT(accepted, 0u);
}

TEST(DamagedModels, WithOtherDrawsAnswerEveryQuestion) {
    for (std::uint32_t i = 0; i < fuzz::amount(2'000); ++i) {
        fuzz::Dice dice(13, i);
        FittedModel model = dice.pick(models());
        const std::vector<float> odd = {0, -0.0F, 1, -1, 1e-45F, 1e38F, -1e38F, 0.5F, 1e-20F, 1e10F};
        for (std::size_t n = 1 + dice.below(5); n > 0; --n)
            model.values[dice.below(model.values.size())] = dice.pick(odd);
        const std::string bytes = encode_model(model);
        FittedModelPtr read;
        if (fuzz::outcome(bytes, [&] { read = model_from_bytes(bytes); })) check_accepted(bytes, read);
    }
}

TEST(DamagedModels, WithOtherDataAnswerEveryQuestion) {
    for (std::uint32_t i = 0; i < fuzz::amount(2'000); ++i) {
        fuzz::Dice dice(14, i);
        Json document = Json::parse(model_text(dice.pick(models())));
        Json& data = document["data"];
        const bool all = dice.chance(0.2);
        const double value = fuzz::odd_number(dice);
        // Times, holdout and KPI stand first; the columns after them are what scales and designs are made of.
        const std::size_t from = dice.below(data.size()), to = all ? data.size() : from + 1;
        for (std::size_t k = from; k < to; ++k) data[k] = value;
        const std::string text = document.dump();
        FittedModelPtr read;
        if (fuzz::outcome(text, [&] { read = model_from_json(text); })) check_accepted(text, read);
    }
}

}  // namespace
}  // namespace mmm
