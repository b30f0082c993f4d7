// The JSON Schema of specifications accepts what the parser accepts, and refuses keys and types that the parser
// refuses.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/specification.hpp"
#include "model/schema_check.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

const test::SchemaCheck& schema() {
    static const test::SchemaCheck check(Json::parse(specification_schema_json()));
    return check;
}

TEST(Schema, AcceptsWhatTheParserAccepts) {
    for (const auto& text : test::specifications()) EXPECT_TRUE(schema().accepts(Json::parse(text))) << text;
}

TEST(Schema, AcceptsEveryCompleteSpecification) {
    for (const auto& text : test::specifications()) {
        const Json written = write_specification(read_specification(Json::parse(text)));
        EXPECT_TRUE(schema().accepts(written)) << written.dump();
    }
    for (const char* preset : {"default", "pymc", "meridian"})
        EXPECT_TRUE(schema().accepts(Json::parse(preset_json(preset))));
}

TEST(Schema, AcceptsEveryShortForm) {
    const auto with = [](const std::string& rest) {
        return Json::parse(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, )" + rest + "}");
    };
    for (const char* rest :
         {R"("seasonality": false)", R"("trend": "piecewise")", R"("holdout": 0.2)", R"("holdout": {"last": 3})",
          R"("adstock": "delayed")", R"("saturation": "hill")", R"("sigma": 0.1)", R"("scaling": {"kpi": 100})",
          R"("events": {"table": "holidays"})", R"("kpi_type": "units", "revenue_per_kpi": "price")",
          R"("controls": ["price"])", R"("media": {"tv": {"spend": "x", "prior": {"kind": "roi"}}})"})
        EXPECT_TRUE(schema().accepts(with(rest))) << rest;
}

// Every object of a document with a key added that nobody reads; the schema must refuse each. `simulate` is the
// simulator's.
void add_unknown_keys(const Json& root, const Json::json_pointer& at, std::vector<Json>& out) {
    const Json& value = root.at(at);
    const bool names = at == Json::json_pointer("/media") || at == Json::json_pointer("/organic_media");
    if (value.is_object() && !names) {
        Json changed = root;
        changed[at]["nobody_reads_this"] = 1;
        out.push_back(changed);
    }
    if (value.is_object())
        for (const auto& item : value.items()) add_unknown_keys(root, at / item.key(), out);
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i) add_unknown_keys(root, at / i, out);
}

TEST(Schema, RefusesUnknownKeysWhereTheParserDoes) {
    for (const auto& text : test::specifications()) {
        std::vector<Json> changed;
        add_unknown_keys(write_specification(read_specification(Json::parse(text))), Json::json_pointer(""), changed);
        EXPECT_GT(changed.size(), 5u);
        for (const Json& document : changed) {
            EXPECT_THROW(read_specification(document), Error) << document.dump();
            EXPECT_FALSE(schema().accepts(document)) << document.dump();
        }
    }
}

TEST(Schema, RefusesWrongTypesAndWords) {
    for (const char* text :
         {"[]", "{}", R"({"time": "t", "kpi": "y"})", R"({"time": 3, "kpi": "y", "media": {"tv": "x"}})",
          R"({"time": "t", "kpi": "y", "media": {"tv": 3}})", R"({"time": "t", "kpi": "y", "media": ["tv"]})",
          R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "sigma": "small"})",
          R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "trend": "liner"})",
          R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "sampler": {"chains": 0}})",
          R"({"time": "t", "kpi": "y", "media": {"tv": {"exposure": "x"}}})"})
        EXPECT_FALSE(schema().accepts(Json::parse(text))) << text;
}

}  // namespace
}  // namespace mmm
