// mmm_simulate and mmm_simulate_truth.
#include <charconv>

#include "core/api.hpp"

#include "pg/datum.hpp"
#include "pg/rows.hpp"

namespace {

using namespace mmm;

std::string json_number(double value) {
    if (!std::isfinite(value)) return "null";
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end.ptr};
}

std::string json_string(const std::string& value) {
    const char* text = value.c_str();
    return pg::guarded([&] {
        StringInfoData buffer;
        initStringInfo(&buffer);
        escape_json(&buffer, text);
        return static_cast<const char*>(buffer.data);
    });
}

// {"tv_spend": 12.5, ...} of one row.
std::string metrics_json(const std::vector<std::string>& keys, const SimulatedRows& data, std::size_t row) {
    std::string json = "{";
    for (std::size_t i = 0; i < keys.size(); ++i)
        json += (i == 0 ? "" : ",") + keys[i] + ":" + json_number(data.values[i][row]);
    return json + "}";
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_simulate);
Datum mmm_simulate(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const SimulatedRows data = simulate(pg::string_from_jsonb(PG_GETARG_DATUM(0)), PG_GETARG_INT64(1));
        std::vector<std::string> keys;
        for (const std::string& column : data.columns) keys.push_back(json_string(column));
        for (std::size_t i = 0; i < data.time.size(); ++i) {
            const std::string metrics = metrics_json(keys, data, i);
            rows.time(data.time[i]);
            if (data.geo.empty()) rows.null();
            else rows.text(data.geo[i]);
            rows.number(data.kpi[i]).jsonb(metrics).end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_simulate_truth);
Datum mmm_simulate_truth(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        for (const TruthRow& row : simulate_truth(pg::string_from_jsonb(PG_GETARG_DATUM(0)), PG_GETARG_INT64(1)))
            rows.text(row.name).number(row.value).end();
        return pg::Rows::done();
    });
}
}
