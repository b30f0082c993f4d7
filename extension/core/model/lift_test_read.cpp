// "calibration": lift tests as JSON, and against the data.
#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "core/model/dataset.hpp"
#include "core/model/lift_test.hpp"

namespace mmm {

namespace {

std::string path_of_test(std::size_t i) { return "calibration[" + std::to_string(i) + "]"; }

Timestamp date_of(const Json& value, const std::string& path) {
    const std::string text = as_string(value, path);
    const auto time = parse_timestamp(text);
    if (!time) specification_error(path, "found \"" + text + "\", expected a date such as \"2024-03-31\"");
    return *time;
}

void read_lift_window(JsonObject& object, LiftTest& test) {
    test.from = date_of(object.require("from", "a date"), object.path_of("from"));
    test.to = date_of(object.require("to", "a date"), object.path_of("to"));
    if (test.from > test.to) specification_error(object.path(), "from lies after to");
    const Json* measured = object.find("measured_to");
    if (measured == nullptr) return;
    test.measured_to = date_of(*measured, object.path_of("measured_to"));
    if (*test.measured_to < test.to)
        specification_error(object.path_of("measured_to"), "lies before to", "It is the last period whose KPI the test measured.");
}

void read_lift_geos(JsonObject& object, bool panel, LiftTest& test) {
    const Json* geos = object.find("geos");
    if (geos == nullptr) return;
    const std::string path = object.path_of("geos");
    if (!panel) specification_error(path, "the model has no geos", "Name the column of the geos as \"geo\".");
    each(geos, path, [&](const Json& geo, const std::string& at) {
        const std::string name = as_string(geo, at);
        if (std::find(test.geos.begin(), test.geos.end(), name) != test.geos.end()) specification_error(at, "\"" + name + "\" is named twice");
        test.geos.push_back(name);
    });
    if (test.geos.empty()) specification_error(path, "names no geo", "Leave it out where the test ran in all geos.");
}

void read_lift_numbers(JsonObject& object, LiftTest& test) {
    const auto number = [&](const char* key, double least) {
        return as_number(object.require(key, "a number"), object.path_of(key), least, 1e300);
    };
    test.spend_before = number("spend_before", 0);
    test.spend_delta = number("spend_delta", -1e300);
    test.lift = number("lift", -1e300);
    test.standard_error = number("standard_error", 1e-300);
    if (test.spend_delta == 0)
        specification_error(object.path_of("spend_delta"), "is 0: a test that changed nothing tells nothing");
    // A sum of columns and its negative differ by rounding.
    const double after = test.spend_before + test.spend_delta;
    if (after < -1e-9 * test.spend_before)
        specification_error(object.path_of("spend_delta"), "takes away more than spend_before = " + format_number(test.spend_before));
    if (after < 0) test.spend_delta = -test.spend_before;
}

}  // namespace

std::vector<LiftTest> read_lift_tests(const Json* list, const std::vector<Medium>& media, bool panel) {
    std::vector<std::string> channels;
    for (const auto& medium : media)
        if (medium.paid()) channels.push_back(medium.name);
    std::vector<LiftTest> tests;
    each(list, "calibration", [&](const Json& item, const std::string& path) {
        JsonObject object(item, path);
        LiftTest test;
        const Json& channel = object.require("channel", "the name of a paid medium");
        test.channel = channels[as_choice(channel, object.path_of("channel"), channels, "a paid medium")];
        read_lift_window(object, test);
        read_lift_geos(object, panel, test);
        read_lift_numbers(object, test);
        object.finish();
        tests.push_back(std::move(test));
    });
    return tests;
}

Json lift_test_json(const LiftTest& test) {
    Json json = {{"channel", test.channel}, {"from", format_timestamp(test.from)}, {"to", format_timestamp(test.to)}};
    if (test.measured_to) json["measured_to"] = format_timestamp(*test.measured_to);
    if (!test.geos.empty()) json["geos"] = test.geos;
    json["spend_before"] = test.spend_before;
    json["spend_delta"] = test.spend_delta;
    json["lift"] = test.lift;
    json["standard_error"] = test.standard_error;
    return json;
}

namespace {

// A lift beyond the whole KPI where it was measured: a slip of the unit or of zeros.
void check_size(const LiftTest& test, const Dataset& data, const std::string& path, ColumnChecks& checks) {
    double kpi = 0;
    for (Eigen::Index row = 0; row < data.kpi.size(); ++row) {
        const Timestamp time = data.time[static_cast<std::size_t>(row % data.periods())];
        const auto geo = static_cast<std::size_t>(row / data.periods());
        // A national model has no geos to name; that a test does is told below.
        const bool in_geos = test.geos.empty() || data.geos.empty() ||
                             std::find(test.geos.begin(), test.geos.end(), data.geos[geo]) != test.geos.end();
        const bool measured = in_geos && time >= test.from && time <= test.measured_to.value_or(test.to);
        if (measured && data.kpi_known(row)) kpi += std::fabs(data.kpi[row]);
    }
    if (kpi > 0 && std::fabs(test.lift) > kpi)
        checks.add("warning", "implausible_lift", path + ".lift",
                   format_number(test.lift) + " is more than the whole KPI of the test's periods and geos, " + format_number(kpi),
                   "Give it in units of column kpi, summed over the window, and check its zeros.");
}

}  // namespace

void check_lift_tests(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (data.time.empty()) return;
    const std::string span = "periods from " + format_timestamp(data.time.front()) + " to " + format_timestamp(data.time.back());
    for (std::size_t i = 0; i < spec.lift_tests.size(); ++i) {
        const LiftTest& test = spec.lift_tests[i];
        const std::string path = path_of_test(i);
        const auto outside = [&](const char* key, Timestamp time) {
            checks.add("error", "window_not_in_data", path + "." + key,
                       format_timestamp(time) + " is not in the data, which has " + span, "Add the periods of the test, or remove the test.");
        };
        if (test.from < data.time.front() || test.from > data.time.back()) outside("from", test.from);
        else if (test.to > data.time.back()) outside("to", test.to);
        else if (test.measured_to && *test.measured_to > data.time.back()) outside("measured_to", *test.measured_to);
        else if (std::lower_bound(data.time.begin(), data.time.end(), test.from) ==
                 std::upper_bound(data.time.begin(), data.time.end(), test.to))
            checks.add("error", "window_not_in_data", path, "no period starts between from and to",
                       "Periods count by their own time: widen the window to hold one.");
        check_size(test, data, path, checks);
        for (const auto& geo : test.geos)
            if (std::find(data.geos.begin(), data.geos.end(), geo) == data.geos.end())
                checks.add("error", "geo_not_in_data", path + ".geos", "geo \"" + geo + "\" is not in the data",
                           "Name the geos as column \"" + spec.geo + "\" does.");
    }
}

}  // namespace mmm
