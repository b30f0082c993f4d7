#include "core/model/codec.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include <boost/crc.hpp>
#include <openssl/evp.h>

namespace mmm {

namespace {

static_assert(std::endian::native == std::endian::little, "the stored form is little-endian");

constexpr char magic[4] = {'M', 'M', 'M', '\0'};
constexpr std::size_t prefix_size = 12;  // magic, version, flags, checksum

// ---- reading with every length checked ----

struct Fault {
    ErrorKind kind;
    [[noreturn]] void raise(const std::string& what) const {
        throw Error(kind, "invalid mmm_model: " + what, {},
                    "The value is damaged or was not written by mmm; restore it from a backup or fit again.");
    }
};

std::uint32_t checksum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

template <typename T>
void append(std::string& out, const T& value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    out.append(raw, sizeof(T));
}

template <typename T>
T take(std::string_view& in, const Fault& fault) {
    if (in.size() < sizeof(T)) fault.raise("it ends too early");
    T value;
    std::memcpy(&value, in.data(), sizeof(T));
    in.remove_prefix(sizeof(T));
    return value;
}

// ---- the header ----

Json convergence_json(const std::vector<Convergence>& all) {
    Json json = Json::array();
    for (const auto& c : all) json.push_back({c.mean, c.sd, c.rhat, c.ess_bulk, c.ess_tail, c.mcse_mean});
    return json;
}

Json sampler_report_json(const SamplerReport& s) {
    return {{"gradients", s.gradients},     {"divergences", s.divergences}, {"max_depth_hits", s.max_depth_hits},
            {"mean_accept", s.mean_accept}, {"mean_depth", s.mean_depth},   {"e_bfmi", s.e_bfmi},
            {"step_size", s.step_size}};
}

Json header_json(const FittedModel& model) {
    Json names = Json::array();
    for (const auto& parameter : model.layout.parameters) names.push_back(parameter.name);
    return {{"mmm_model", model_format_version},
            {"spec", write_specification(model.spec)},
            {"parameters", names},
            {"chains", model.chains},
            {"draws_per_chain", model.draws},
            {"periods", model.data.periods()},
            {"convergence", convergence_json(model.convergence)},
            {"sampler", sampler_report_json(model.sampler)}};
}

// Numbers that JSON cannot hold (a NaN R-hat) come back from null.
double number_or_nan(const Json& value, const Fault& fault) {
    if (value.is_null()) return std::nan("");
    if (!value.is_number()) fault.raise("a number was expected");
    return value.get<double>();
}

std::int64_t count_at(const Json& json, const char* key, std::int64_t most, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer()) fault.raise(std::string(key) + " is missing");
    const auto value = found->get<std::int64_t>();
    if (value < 0 || value > most) fault.raise(std::string(key) + " is out of range");
    return value;
}

const Json& array_at(const Json& json, const char* key, std::size_t size, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() || found->size() != size)
        fault.raise(std::string(key) + " does not have " + std::to_string(size) + " elements");
    return *found;
}

std::vector<double> numbers_at(const Json& json, const char* key, std::size_t most, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() || found->size() > most) fault.raise(std::string(key) + " is missing");
    std::vector<double> values;
    for (const auto& item : *found) values.push_back(number_or_nan(item, fault));
    return values;
}

void read_sampler(const Json& header, FittedModel& model, const Fault& fault) {
    const auto found = header.find("sampler");
    if (found == header.end() || !found->is_object()) fault.raise("sampler is missing");
    SamplerReport& s = model.sampler;
    constexpr std::int64_t most = std::int64_t{1} << 53;
    s.gradients = count_at(*found, "gradients", most, fault);
    s.divergences = count_at(*found, "divergences", most, fault);
    s.max_depth_hits = count_at(*found, "max_depth_hits", most, fault);
    s.mean_accept = number_or_nan(found->value("mean_accept", Json()), fault);
    s.mean_depth = number_or_nan(found->value("mean_depth", Json()), fault);
    s.e_bfmi = numbers_at(*found, "e_bfmi", 1000, fault);
    s.step_size = numbers_at(*found, "step_size", 1000, fault);
}

void check_version(const Json& header, const Fault& fault) {
    if (!header.is_object() || !header.contains("mmm_model")) fault.raise("it has no key \"mmm_model\" with the version");
    const std::int64_t version = count_at(header, "mmm_model", 1'000'000, fault);
    if (version > model_format_version)
        throw Error(fault.kind,
                    "mmm_model version " + std::to_string(version) + " is newer than this extension reads (" +
                        std::to_string(model_format_version) + ")",
                    {}, "Update the extension: ALTER EXTENSION mmm UPDATE after installing a newer version.");
    if (version < 1) fault.raise("version 0 does not exist");
}

FittedModel read_header(const Json& header, const Fault& fault) {
    check_version(header, fault);
    FittedModel model;
    const auto spec = header.find("spec");
    if (spec == header.end()) fault.raise("spec is missing");
    try {
        model.spec = read_specification(*spec);
    } catch (const Error& error) {
        fault.raise("its specification is not valid: " + std::string(error.what()));
    }
    model.layout = make_layout(model.spec);
    const auto n = static_cast<std::size_t>(model.layout.size());
    const Json& names = array_at(header, "parameters", n, fault);
    for (std::size_t i = 0; i < n; ++i)
        if (names[i] != model.layout.parameters[i].name) fault.raise("its parameters are not those of its specification");
    model.chains = static_cast<int>(count_at(header, "chains", 1000, fault));
    model.draws = static_cast<int>(count_at(header, "draws_per_chain", 100'000'000, fault));
    if (model.chains == 0 || model.draws == 0) fault.raise("it has no draws");
    const Json& rows = array_at(header, "convergence", n, fault);
    for (const auto& row : rows) {
        if (!row.is_array() || row.size() != 6) fault.raise("convergence is incomplete");
        const auto at = [&](std::size_t i) { return number_or_nan(row[i], fault); };
        model.convergence.push_back({at(0), at(1), at(2), at(3), at(4), at(5)});
    }
    read_sampler(header, model, fault);
    return model;
}

// ---- the data: one list of float64 in a fixed order ----

std::size_t data_size(const FittedModel& model, std::size_t periods) {
    // time, kpi, revenue, holdout; spend and exposure; controls
    return periods * (4 + 2 * model.spec.media.size() + model.spec.controls.size());
}

// Calls `use(vector of one column)` for every numeric column in the order of storage.
template <typename DatasetT, typename Use>
void each_column(DatasetT& data, Use&& use) {
    use(data.kpi);
    use(data.revenue_per_kpi);
    for (auto* block : {&data.spend, &data.exposure, &data.controls})
        for (Eigen::Index c = 0; c < block->cols(); ++c) use(block->col(c));
}

std::vector<double> pack_data(const Dataset& data) {
    std::vector<double> packed;
    // Seconds as a double are exact to the microsecond until the year 2255, and to the second beyond.
    for (const Timestamp time : data.time) packed.push_back(static_cast<double>(time) / 1e6);
    for (const bool held : data.holdout) packed.push_back(held ? 1 : 0);
    each_column(data, [&](const auto& column) { packed.insert(packed.end(), column.begin(), column.end()); });
    return packed;
}

void check_values(const Dataset& data, const Fault& fault) {
    each_column(data, [&](const auto& column) {
        for (const double value : column)
            if (!std::isfinite(value)) fault.raise("its data are not finite");
    });
    for (std::size_t i = 1; i < data.time.size(); ++i)
        if (data.time[i] <= data.time[i - 1]) fault.raise("its times are not in order");
    if (data.step.kind == TimeStep::Kind::irregular) fault.raise("its times are not evenly spaced");
    if (data.fitted_periods() == 0) fault.raise("no period is fitted");
}

void unpack_data(const std::vector<double>& packed, std::size_t periods, FittedModel& model, const Fault& fault) {
    Dataset& data = model.data;
    std::size_t next = 0;
    const double earliest = -62'135'596'800.0, latest = 253'402'300'800.0;
    for (std::size_t i = 0; i < periods; ++i, ++next) {
        if (!(packed[next] >= earliest && packed[next] < latest)) fault.raise("a time is out of range");
        data.time.push_back(static_cast<Timestamp>(std::llround(packed[next] * 1e6)));
    }
    for (std::size_t i = 0; i < periods; ++i) data.holdout.push_back(packed[next++] != 0);
    const auto n = static_cast<Eigen::Index>(periods);
    const auto media = static_cast<Eigen::Index>(model.spec.media.size());
    data.kpi.resize(n);
    data.revenue_per_kpi.resize(n);
    data.spend.resize(n, media);
    data.exposure.resize(n, media);
    data.controls.resize(n, static_cast<Eigen::Index>(model.spec.controls.size()));
    each_column(data, [&](auto&& column) {
        for (Eigen::Index i = 0; i < n; ++i) column[i] = packed[next++];
    });
    data.step = detect_step(data.time);
    check_values(data, fault);
    model.rebuild();
}

void check_draws(const FittedModel& model, const Fault& fault) {
    for (const float value : model.values)
        if (!std::isfinite(value)) fault.raise("a posterior draw is not finite");
}

std::size_t draws_size(const FittedModel& model, const Fault& fault) {
    const double count = static_cast<double>(model.layout.size()) * model.chains * model.draws;
    if (count > 2.5e8) fault.raise("it claims more draws than a value can hold");
    return static_cast<std::size_t>(model.layout.size()) * model.total_draws();
}

std::size_t base64_size(std::size_t bytes) { return 4 * ((bytes + 2) / 3); }

std::string to_base64(const std::vector<float>& values) {
    const std::size_t bytes = values.size() * sizeof(float);
    std::string text(base64_size(bytes) + 1, '\0');  // the library ends it with a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(values.data()),
                    static_cast<int>(bytes));
    text.pop_back();
    return text;
}

std::vector<float> from_base64(const std::string& text, std::size_t count, const Fault& fault) {
    const std::size_t bytes = count * sizeof(float);
    if (text.size() != base64_size(bytes)) fault.raise("draws do not have the expected length");
    std::vector<float> values(text.size() / 4 * 3 / sizeof(float) + 1);
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(values.data()),
                                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    // The library counts whole groups of three, padding included.
    if (decoded < 0 || static_cast<std::size_t>(decoded) != text.size() / 4 * 3) fault.raise("draws are not base64");
    values.resize(count);
    return values;
}

}  // namespace

void FittedModel::rebuild() {
    layout = make_layout(spec);
    resolve_priors(spec, data, layout);
    design = make_design(spec, data);
}

std::string encode_model(const FittedModel& model) {
    const std::string header = header_json(model).dump();
    const std::vector<double> packed = pack_data(model.data);
    std::string body;
    body.reserve(8 + header.size() + packed.size() * sizeof(double) + model.values.size() * sizeof(float));
    append(body, static_cast<std::uint64_t>(header.size()));
    body += header;
    body.append(reinterpret_cast<const char*>(packed.data()), packed.size() * sizeof(double));
    body.append(reinterpret_cast<const char*>(model.values.data()), model.values.size() * sizeof(float));
    std::string out(magic, sizeof magic);
    append(out, static_cast<std::uint16_t>(model_format_version));
    append(out, std::uint16_t{0});
    append(out, checksum(body));
    return out + body;
}

FittedModel decode_model(std::string_view in) {
    const Fault fault{ErrorKind::invalid_binary};
    if (in.size() < prefix_size || std::memcmp(in.data(), magic, sizeof magic) != 0) fault.raise("it does not start with MMM");
    in.remove_prefix(sizeof magic);
    const auto version = take<std::uint16_t>(in, fault);
    check_version(Json{{"mmm_model", version}}, fault);
    if (take<std::uint16_t>(in, fault) != 0) fault.raise("unknown flags are set");
    if (take<std::uint32_t>(in, fault) != checksum(in)) fault.raise("its checksum does not match");
    const auto header_size = take<std::uint64_t>(in, fault);
    if (header_size > in.size()) fault.raise("it ends too early");
    const Json header = parse_json(in.substr(0, header_size), fault.kind);
    in.remove_prefix(header_size);
    FittedModel model = read_header(header, fault);
    const auto periods = static_cast<std::size_t>(count_at(header, "periods", 10'000'000, fault));
    const std::size_t n_data = data_size(model, periods), n_draws = draws_size(model, fault);
    if (in.size() != n_data * sizeof(double) + n_draws * sizeof(float)) fault.raise("its length is not what its header says");
    std::vector<double> packed(n_data);
    std::memcpy(packed.data(), in.data(), n_data * sizeof(double));
    model.values.resize(n_draws);
    std::memcpy(model.values.data(), in.data() + n_data * sizeof(double), n_draws * sizeof(float));
    check_draws(model, fault);
    unpack_data(packed, periods, model, fault);
    return model;
}

std::string model_text(const FittedModel& model) {
    Json json = header_json(model);
    json["data"] = pack_data(model.data);
    json["draws_float32_base64"] = to_base64(model.values);
    return json.dump();
}

FittedModel read_model_text(std::string_view text) {
    const Fault fault{ErrorKind::invalid_text};
    const Json json = parse_json(text, fault.kind);
    if (!json.is_object()) fault.raise("a JSON object was expected");
    FittedModel model = read_header(json, fault);
    const auto periods = static_cast<std::size_t>(count_at(json, "periods", 10'000'000, fault));
    const Json& data = array_at(json, "data", data_size(model, periods), fault);
    std::vector<double> packed;
    for (const auto& value : data) packed.push_back(number_or_nan(value, fault));
    const auto draws = json.find("draws_float32_base64");
    if (draws == json.end() || !draws->is_string()) fault.raise("draws_float32_base64 is missing");
    model.values = from_base64(draws->get_ref<const std::string&>(), draws_size(model, fault), fault);
    check_draws(model, fault);
    unpack_data(packed, periods, model, fault);
    return model;
}

}  // namespace mmm
