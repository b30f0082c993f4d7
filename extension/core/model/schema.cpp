// JSON Schema (2020-12) of a specification, for editors and API clients. Families and parameters come from the
// parser's own tables.
#include "core/api.hpp"
#include "core/model/noise_law.hpp"
#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {

namespace {

Json reference(const char* name) { return {{"$ref", std::string("#/$defs/") + name}}; }

Json described(Json schema, const char* description) {
    schema["description"] = description;
    return schema;
}

Json text(const char* description) { return {{"type", "string"}, {"minLength", 1}, {"description", description}}; }

Json words(const std::vector<std::string>& names) { return {{"enum", names}}; }

Json whole(int least, int most) { return {{"type", "integer"}, {"minimum", least}, {"maximum", most}}; }

Json object(Json properties, Json required = Json::array()) {
    return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}, {"additionalProperties", false}};
}

Json any_of(std::initializer_list<Json> schemas) { return {{"anyOf", Json(std::vector<Json>(schemas))}}; }

// Every family's parameters may stand beside "family"; which belong to which is the parser's to say.
Json adstock_schema() {
    Json properties = {{"family", words(adstock_family_names())},
                       {"reach_frequency", {{"type", "object"}, {"additionalProperties", reference("reach_frequency")}}},
            {"treatments", {{"type", "object"}, {"additionalProperties", reference("treatment")}}},
            {"media_geo_effect", described(words(geo_effect_names()), "of every medium that does not say otherwise")},
            {"geo_intercept", described(any_of({{{"const", false}}, reference("prior")}), "deviations of geos from the common baseline")},
            {"baseline_geo", text("the geo without deviation; the one of the largest population by default")},
            {"max_lag", described(whole(0, max_adstock_lag), "largest lag: max_lag + 1 weights")},
                       {"normalize", {{"type", "boolean"}}}};
    for (int family = 0; family <= static_cast<int>(AdstockFamily::weibull_pdf); ++family)
        for (const auto& name : adstock_parameter_names(static_cast<AdstockFamily>(family))) properties[name] = reference("prior");
    return any_of({words(adstock_family_names()), object(properties)});
}

Json saturation_schema() {
    Json properties = {{"family", words(saturation_family_names())}};
    for (int family = 0; family <= static_cast<int>(SaturationFamily::log); ++family)
        for (const auto& name : saturation_parameter_names(static_cast<SaturationFamily>(family)))
            properties[name] = reference("prior");
    return any_of({words(saturation_family_names()), object(properties)});
}

// What every medium and treatment has.
Json effect_properties() {
    return {{"prior", reference("effect_prior")},
            {"geo_effect", described(words(geo_effect_names()), "how the coefficient varies by geo")},
            {"geo_scale", described(reference("prior"), "of the deviations by geo")}};
}

Json calibration_period_schema() {
    return object({{"from", reference("date")}, {"to", reference("date")}}, Json::array({"from", "to"}));
}

Json medium_schema(bool paid) {
    Json properties = effect_properties();
    if (paid) properties["spend"] = text("column with the money spent");
    properties["exposure"] = text("column with impressions, clicks or the like");
    properties["adstock"] = reference("adstock");
    properties["saturation"] = reference("saturation");
    properties["order"] = words({"adstock_first", "saturation_first"});
    if (paid) properties["calibration_period"] = described(calibration_period_schema(), "what the prior on ROI is about");
    return any_of({text("column name"), object(properties, Json::array({paid ? "spend" : "exposure"}))});
}

Json reach_frequency_schema() {
    Json properties = effect_properties();
    properties["spend"] = text("column with the money spent; none for organic media");
    properties["reach"] = text("column with the number of people reached");
    properties["frequency"] = text("column with how often each was reached");
    properties["adstock"] = reference("adstock");
    properties["saturation"] = described(reference("saturation"), "of the frequency");
    properties["calibration_period"] = calibration_period_schema();
    return object(properties, Json::array({"reach", "frequency"}));
}

Json lift_test_schema() {
    const Json number = {{"type", "number"}};
    return object({{"channel", text("name of a paid medium")},
                   {"from", reference("date")},
                   {"to", reference("date")},
                   {"measured_to", described(reference("date"), "the last period whose KPI was measured; to by default")},
                   {"geos", {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}}},
                   {"spend_before", described(number, "of the window in all its geos, without the test")},
                   {"spend_delta", described(number, "what the test added to it")},
                   {"lift", described(number, "what it added to the KPI")},
                   {"standard_error", described({{"type", "number"}, {"exclusiveMinimum", 0}}, "of the lift")}},
                  Json::array({"channel", "from", "to", "spend_before", "spend_delta", "lift", "standard_error"}));
}

Json treatment_schema() {
    Json properties = effect_properties();
    properties["column"] = text("column name");
    properties["baseline"] = described(any_of({words({"min", "max"}), {{"type", "number"}}}), "the value that counts as none of it");
    properties["per_capita"] = {{"type", "boolean"}};
    return any_of({text("column name"), object(properties, Json::array({"column"}))});
}

// A prior with its "kind" beside the family's own keys, or the kind alone.
Json effect_prior_schema() {
    Json schema = prior_schema();
    const Json kind = words(effect_kind_names());
    for (auto& variant : schema["anyOf"])
        if (variant.contains("properties")) variant["properties"]["kind"] = kind;
    schema["anyOf"].push_back(object({{"kind", kind}}, Json::array({"kind"})));
    return schema;
}

Json control_schema() {
    return any_of({text("column name"),
                   object({{"column", text("column name")},
                           {"name", text("name in answers; the column's name by default")},
                           {"sign", words({"any", "positive", "negative"})},
                           {"prior", reference("prior")},
                           {"by_geo", {{"type", "boolean"}}},
                           {"geo_scale", reference("prior")},
                           {"per_capita", {{"type", "boolean"}}}},
                          Json::array({"column"}))});
}

Json trend_schema() {
    const Json dates = {{"type", "array"}, {"items", reference("date")}, {"minItems", 1}};
    return any_of({words({"none", "linear", "piecewise", "knots", "gp"}),
                   object({{"family", words({"none", "linear", "piecewise", "knots", "gp"})},
                           {"slope", reference("prior")},
                           {"changepoints", any_of({whole(1, 1000), dates})},
                           {"delta", reference("prior")},
                           {"knots", any_of({whole(1, 10'000), words({"each", "auto"}), dates})},
                           {"prior", described(reference("prior"), "of the value at each knot")},
                           {"amplitude", reference("prior")},
                           {"lengthscale", described(reference("prior"), "in periods")},
                           {"basis", whole(1, 1000)},
                           {"positions", {{"type", "array"}, {"items", whole(0, 10'000'000)}, {"description", "written by the engine"}}}},
                          Json::array({"family"}))});
}

Json season_schema() {
    return object({{"period", any_of({words({"year", "week"}), {{"type", "number"}, {"exclusiveMinimum", 0}}})},
                   {"family", described(words({"fourier", "weekday"}), "weekday: an effect for each day of the week, of daily data")},
                   {"order", whole(1, 100)},
                   {"name", text("name in answers")},
                   {"prior", reference("prior")}},
                  Json::array({"period"}));
}

Json event_schema() {
    const Json shape = any_of({words({"period", "gaussian", "decay"}),
                               object({{"family", words({"period", "gaussian", "decay"})},
                                       {"before", whole(0, 1000)},
                                       {"after", whole(0, 1000)},
                                       {"days", {{"type", "number"}, {"exclusiveMinimum", 0}}},
                                       {"half_life", {{"type", "number"}, {"exclusiveMinimum", 0}}}},
                                      Json::array({"family"}))});
    return object({{"name", text("name in answers")},
                   {"dates", {{"type", "array"}, {"items", reference("date")}, {"minItems", 1}}},
                   {"shape", shape},
                   {"optional", described({{"type", "boolean"}}, "left out of a model in whose data it has no date")},
                   {"prior", reference("prior")}},
                  Json::array({"name", "dates"}));
}

Json event_table_schema() {
    Json properties = {{"table", text("table, view or the like that has one row a date")},
                       {"name", text("column with the name of the event; name by default")},
                       {"date", text("column with the date; date by default")},
                       {"country", any_of({text("the country to take"), {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}}})},
                       {"country_column", text("column with the country; country by default")},
                       {"names", described({{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", 1}}, "only these events")},
                       {"together", described(any_of({{{"type", "boolean"}}, text("its name")}), "one event of all dates")}};
    const Json event = event_schema();
    for (const char* key : {"shape", "prior"}) properties[key] = event["properties"][key];
    return object(properties, Json::array({"table"}));
}

Json sampler_schema() {
    return object({{"method", words({"nuts", "map", "pathfinder"})},
                   {"chains", whole(1, 64)},
                   {"warmup", whole(20, 1'000'000)},
                   {"draws", whole(4, 1'000'000)},
                   {"seed", {{"type", "integer"}, {"minimum", 0}}},
                   {"target_accept", {{"type", "number"}, {"minimum", 0.5}, {"maximum", 0.999}}},
                   {"max_treedepth", whole(1, 20)},
                   {"threads", described(whole(0, 1024), "0: as many as mmm.max_threads allows")}});
}

Json missing_schema() {
    return object({{"values", described({{"type", "object"}, {"additionalProperties", words(missing_rule_names())}},
                                        "by column or role (media, controls, treatments, kpi, revenue_per_kpi, population, holdout): "
                                        "what a missing value stands for")},
                   {"periods", described(words({"refuse", "fill"}), "rows and periods that are missing")}});
}

Json units_schema() {
    const Json number = {{"type", "number"}}, positive = {{"type", "number"}, {"exclusiveMinimum", 0}};
    const Json one = object({{"offset", number}, {"scale", positive}, {"baseline", number}});
    const Json named = {{"type", "object"}, {"additionalProperties", one}};
    return described(object({{"kpi", object({{"offset", number}, {"scale", positive}})},
                             {"media", named},
                             {"controls", named},
                             {"time", object({{"from", reference("date")}, {"to", reference("date")}}, Json::array({"from", "to"}))}},
                            Json::array({"kpi", "time"})),
                     "units fixed by another model; written by mmm_refresh()");
}

Json variation_schema() {
    return object({{"scope", words({"common", "channel"})},
                   {"amplitude", reference("prior")},
                   {"lengthscale", described(reference("prior"), "in periods")},
                   {"basis", whole(1, 1000)}});
}

Json list_of(const char* name) { return {{"type", "array"}, {"items", reference(name)}}; }

Json properties_schema() {
    const Json positive = {{"type", "number"}, {"exclusiveMinimum", 0}};
    return {{"preset", described(words(preset_names()), "where every default comes from")},
            {"time", text("column of type date, timestamp or timestamptz")},
            {"geo", text("column that tells the geos of a panel apart")},
            {"population", text("column with the population of the geo")},
            {"kpi", text("column to explain")},
            {"kpi_type", words({"revenue", "units"})},
            {"revenue_per_kpi", any_of({text("column name"), positive})},
            {"media", {{"type", "object"}, {"additionalProperties", reference("medium")}}},
            {"organic_media", {{"type", "object"}, {"additionalProperties", reference("organic_medium")}}},
            {"reach_frequency", {{"type", "object"}, {"additionalProperties", reference("reach_frequency")}}},
            {"treatments", {{"type", "object"}, {"additionalProperties", reference("treatment")}}},
            {"media_geo_effect", described(words(geo_effect_names()), "of every medium that does not say otherwise")},
            {"geo_intercept", described(any_of({{{"const", false}}, reference("prior")}), "deviations of geos from the common baseline")},
            {"baseline_geo", text("the geo without deviation; the one of the largest population by default")},
            {"max_lag", described(whole(0, max_adstock_lag), "of every medium that does not say otherwise")},
            {"adstock", reference("adstock")},
            {"saturation", reference("saturation")},
            {"order", words({"adstock_first", "saturation_first"})},
            {"controls", list_of("control")},
            {"trend", trend_schema()},
            {"seasonality", any_of({{{"const", false}}, reference("season"), list_of("season")})},
            {"events", any_of({list_of("event"), event_table_schema()})},
            {"intercept", reference("prior")},
            {"calibration", list_of("lift_test")},
            {"link", words({"identity", "log"})},
            {"time_varying_media", any_of({{{"type", "boolean"}}, variation_schema()})},
            {"likelihood", words(likelihood_names())},
            {"sigma", reference("prior")},
            {"nu", reference("prior")},
            {"scaling", object({{"kpi", any_of({words({"none", "max", "mean", "standardize"}), positive})},
                                {"media", words({"none", "max", "mean", "median_nonzero"})},
                                {"controls", words({"none", "standardize"})},
                                {"by_population", {{"type", "boolean"}}}})},
            {"holdout", any_of({object({{"last", whole(1, 1'000'000)}}, Json::array({"last"})),
                                object({{"column", text("column that is not 0 where a period is held out")}}, Json::array({"column"})),
                                {{"type", "number"}, {"minimum", 0.001}, {"maximum", 0.9}}})},
            {"missing", missing_schema()},
            {"priors", described({{"type", "object"}, {"additionalProperties", reference("prior")}}, "of single parameters by name")},
            {"fit_from", described(reference("date"), "earlier periods carry over, but are not in the likelihood")},
            {"units", units_schema()},
            {"sampler", sampler_schema()},
            {"simulate", {{"type", "object"}, {"description", "read by mmm_simulate() alone"}}}};
}

}  // namespace

std::string specification_schema_json() {
    Json schema = object(properties_schema(), Json::array({"time", "kpi"}));
    Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "mmm specification"}};
    root.update(schema);
    root["anyOf"] = Json::array({{{"required", {"media"}}}, {{"required", {"organic_media"}}}, {{"required", {"reach_frequency"}}}});
    root["$defs"] = {{"date", {{"type", "string"}, {"pattern", "^\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}:\\d{2})?$"}}},
                     {"prior", prior_schema()},
                     {"effect_prior", effect_prior_schema()},
                     {"adstock", adstock_schema()},
                     {"saturation", saturation_schema()},
                     {"medium", medium_schema(true)},
                     {"organic_medium", medium_schema(false)},
                     {"reach_frequency", reach_frequency_schema()},
                     {"treatment", treatment_schema()},
                     {"control", control_schema()},
                     {"lift_test", lift_test_schema()},
                     {"season", season_schema()},
                     {"event", event_schema()}};
    return root.dump();
}

}  // namespace mmm
