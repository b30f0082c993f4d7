#include "core/model/codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include <openssl/evp.h>
#include <zlib.h>

#include "core/model/codec_header.hpp"

namespace mmm {

namespace {

static_assert(std::endian::native == std::endian::little, "the stored form is little-endian");

constexpr char magic[4] = {'M', 'M', 'M', '\0'};
constexpr std::size_t prefix_size = 12;  // magic, version, flags, checksum

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
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

// The data: one list of float64 in a fixed order.

bool any_reach(const Specification& spec) {
    return std::any_of(spec.media.begin(), spec.media.end(), [](const Medium& m) { return m.has_frequency(); });
}

std::size_t data_size(const FittedModel& model, std::size_t periods) {
    const std::size_t rows = periods * static_cast<std::size_t>(model.data.n_geos()), media = model.spec.media.size();
    // time; kpi, revenue, holdout; spend and exposure, reach; controls
    return periods + rows * (3 + 2 * media + (any_reach(model.spec) ? media : 0) + model.spec.controls.size());
}

// Calls `use(vector of one column)` for every numeric column in the order of storage.
template <typename DatasetT, typename Use>
void each_column(DatasetT& data, Use&& use) {
    use(data.kpi);
    use(data.revenue_per_kpi);
    for (auto* block : {&data.spend, &data.exposure, &data.reach, &data.controls})
        for (Eigen::Index c = 0; c < block->cols(); ++c) use(block->col(c));
}

std::vector<double> pack_data(const Dataset& data) {
    std::vector<double> packed;
    // Seconds as a double are exact to the microsecond until the year 2255, and to the second beyond.
    for (const Timestamp time : data.time) packed.push_back(static_cast<double>(time) / 1e6);
    // 2: held out because the KPI is not known.
    for (Eigen::Index i = 0; i < data.rows(); ++i)
        packed.push_back(!data.kpi_known(i) ? 2 : data.holdout[static_cast<std::size_t>(i)] ? 1 : 0);
    each_column(data, [&](const auto& column) { packed.insert(packed.end(), column.begin(), column.end()); });
    return packed;
}

void check_values(const Dataset& data, const Fault& fault) {
    each_column(data, [&](const auto& column) {
        for (const double value : column)
            if (!std::isfinite(value)) fault.raise("its data are not finite");
    });
    if ((data.spend.array() < 0).any() || (data.reach.array() < 0).any()) fault.raise("its media are negative");
    for (std::size_t i = 1; i < data.time.size(); ++i)
        if (data.time[i] <= data.time[i - 1]) fault.raise("its times are not in order");
    if (data.step.kind == TimeStep::Kind::irregular) fault.raise("its times are not evenly spaced");
    if (data.fitted_rows() == 0) fault.raise("no period is fitted");
}

void check_exposure(const FittedModel& model, const Fault& fault) {
    for (std::size_t m = 0; m < model.spec.media.size(); ++m)
        if (model.spec.media[m].kind != MediumKind::treatment && (model.data.exposure.col(static_cast<Eigen::Index>(m)).array() < 0).any())
            fault.raise("its media are negative");
}

void unpack_data(const std::vector<double>& packed, std::size_t periods, FittedModel& model, const Fault& fault) {
    Dataset& data = model.data;
    std::size_t next = 0;
    const double earliest = -62'135'596'800.0, latest = 253'402'300'800.0;
    for (std::size_t i = 0; i < periods; ++i, ++next) {
        if (!(packed[next] >= earliest && packed[next] < latest)) fault.raise("a time is out of range");
        data.time.push_back(static_cast<Timestamp>(std::llround(packed[next] * 1e6)));
    }
    const auto n = static_cast<Eigen::Index>(periods) * data.n_geos();
    const auto marks = packed.begin() + static_cast<std::ptrdiff_t>(next), end = marks + static_cast<std::ptrdiff_t>(n);
    const bool unknown = std::find(marks, end, 2.0) != end;
    for (Eigen::Index i = 0; i < n; ++i, ++next) {
        data.holdout.push_back(packed[next] != 0);
        if (unknown) data.kpi_unknown.push_back(packed[next] == 2);
    }
    const auto media = static_cast<Eigen::Index>(model.spec.media.size());
    data.kpi.resize(n);
    data.revenue_per_kpi.resize(n);
    data.spend.resize(n, media);
    data.exposure.resize(n, media);
    data.reach.resize(n, any_reach(model.spec) ? media : 0);
    data.controls.resize(n, static_cast<Eigen::Index>(model.spec.controls.size()));
    each_column(data, [&](auto&& column) {
        for (Eigen::Index i = 0; i < n; ++i) column[i] = packed[next++];
    });
    // The design has a column for every linear coefficient and function of a process: a short text must not ask for more memory than any real model.
    constexpr double most_cells = 5e7;
    double cells = static_cast<double>(n) * (static_cast<double>(model.layout.terms.size()) + 5.0 * static_cast<double>(media));
    for (const auto& variation : model.layout.variations) cells += static_cast<double>(periods) * variation.basis;
    if (cells > most_cells)
        fault.raise("its design would be larger than any model that can be fitted");
    data.step = detect_step(data.time);
    check_values(data, fault);
    check_exposure(model, fault);
    model.rebuild();
    const Design& design = model.design;
    const bool columns = std::all_of(design.blocks.begin(), design.blocks.end(), [](const LinearBlock& b) { return b.columns.allFinite(); });
    if (!design.y.allFinite() || !columns || !design.media.allFinite() || !design.reach.allFinite() || !design.revenue.allFinite())
        fault.raise("its data cannot be scaled");
}

// Draws are rounded to float32, so they may stand one step outside the range of their parameter.
void check_draws(const FittedModel& model, const Fault& fault) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (int p = 0; p < model.layout.size(); ++p) {
        const Interval& support = model.layout.parameters[static_cast<std::size_t>(p)].support;
        const float least = std::nextafter(static_cast<float>(support.lower), -infinity);
        const float most = std::nextafter(static_cast<float>(support.upper), infinity);
        const Eigen::Map<const Eigen::ArrayXf> draws(model.parameter_draws(p), static_cast<Eigen::Index>(model.total_draws()));
        // Neither infinities nor not-a-number are 0 when they are taken from themselves.
        if (!((draws - draws).sum() == 0)) fault.raise("a posterior draw is not finite");
        if (draws.minCoeff() < least || draws.maxCoeff() > most) fault.raise("a posterior draw is out of range");
    }
}

std::size_t draws_size(const FittedModel& model, const Fault& fault) {
    const double count = static_cast<double>(model.layout.size()) * model.chains * model.draws;
    if (count > 2.5e8) fault.raise("it claims more draws than a value can hold");
    return static_cast<std::size_t>(model.layout.size()) * model.total_draws();
}

// Numbers of a model's totals: with every medium's, the fitted KPI.
std::size_t totals_size(const Json& header, const FittedModel& model, const Fault& fault) {
    const auto found = header.find("totals");
    if (found == header.end()) return 0;
    const bool shaped = found->is_number_integer();
    if (!shaped || found->get<std::int64_t>() != totals_version) fault.raise("totals is not " + std::to_string(totals_version));
    return (1 + 3 * model.spec.media.size()) * model.total_draws();
}

void check_totals(const FittedModel& model, const Fault& fault) {
    for (const double value : model.totals)
        if (!std::isfinite(value)) fault.raise("its totals are not finite");
}

std::size_t base64_size(std::size_t bytes) { return 4 * ((bytes + 2) / 3); }

template <typename Number>
std::string to_base64(const std::vector<Number>& values) {
    const std::size_t bytes = values.size() * sizeof(Number);
    std::string text(base64_size(bytes) + 1, '\0');  // the library ends it with a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(values.data()),
                    static_cast<int>(bytes));
    text.pop_back();
    return text;
}

// The numbers under `key`, called `what`.
template <typename Number>
std::vector<Number> from_base64(const Json& json, const char* key, const char* what, std::size_t count, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) fault.raise(std::string(key) + " is missing");
    const auto& text = found->get_ref<const std::string&>();
    const std::size_t bytes = count * sizeof(Number);
    if (text.size() != base64_size(bytes)) fault.raise(std::string(what) + " do not have the expected length");
    std::vector<Number> values(text.size() / 4 * 3 / sizeof(Number) + 1);
    const int decoded = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(values.data()),
                                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    // The library counts whole groups of three, padding included.
    if (decoded < 0 || static_cast<std::size_t>(decoded) != text.size() / 4 * 3) fault.raise(std::string(what) + " are not base64");
    values.resize(count);
    return values;
}

}  // namespace

void FittedModel::rebuild() {
    data.history_periods = spec.fit_from ? std::lower_bound(data.time.begin(), data.time.end(), *spec.fit_from) - data.time.begin() : 0;
    layout = make_layout(spec, data.geos, data.baseline_geo(spec));
    resolve_priors(spec, data, layout);
    design = make_design(spec, data, layout);
}

std::string encode_model(const FittedModel& model) {
    const std::string header = header_json(model).dump();
    const std::vector<double> packed = pack_data(model.data);
    std::string body;
    body.reserve(8 + header.size() + (packed.size() + model.totals.size()) * sizeof(double) + model.values.size() * sizeof(float));
    append(body, static_cast<std::uint64_t>(header.size()));
    body += header;
    body.append(reinterpret_cast<const char*>(packed.data()), packed.size() * sizeof(double));
    body.append(reinterpret_cast<const char*>(model.values.data()), model.values.size() * sizeof(float));
    body.append(reinterpret_cast<const char*>(model.totals.data()), model.totals.size() * sizeof(double));
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
    const std::size_t n_totals = totals_size(header, model, fault);
    if (in.size() != (n_data + n_totals) * sizeof(double) + n_draws * sizeof(float)) fault.raise("its length is not what its header says");
    std::vector<double> packed(n_data);
    std::memcpy(packed.data(), in.data(), n_data * sizeof(double));
    model.values.resize(n_draws);
    std::memcpy(model.values.data(), in.data() + n_data * sizeof(double), n_draws * sizeof(float));
    model.totals.resize(n_totals);
    if (n_totals > 0) std::memcpy(model.totals.data(), in.data() + n_data * sizeof(double) + n_draws * sizeof(float), n_totals * sizeof(double));
    check_draws(model, fault);
    check_totals(model, fault);
    unpack_data(packed, periods, model, fault);
    return model;
}

namespace {

// What the parser says of its position helps nobody with megabytes of numbers.
Json parse_text(std::string_view text, const Fault& fault) {
    try {
        return parse_json(text, fault.kind);
    } catch (const Error& error) {
        fault.raise(std::string(error.what()) + ", " + std::to_string(text.size()) + " bytes long");
    }
}

}  // namespace

std::string model_text(const FittedModel& model) {
    Json json = header_json(model);
    json["data"] = pack_data(model.data);
    json["draws_float32_base64"] = to_base64(model.values);
    if (!model.totals.empty()) json["totals_float64_base64"] = to_base64(model.totals);
    return json.dump();
}

FittedModel read_model_text(std::string_view text) {
    const Fault fault{ErrorKind::invalid_text};
    const Json json = parse_text(text, fault);
    if (!json.is_object()) fault.raise("a JSON object was expected");
    FittedModel model = read_header(json, fault);
    const auto periods = static_cast<std::size_t>(count_at(json, "periods", 10'000'000, fault));
    const Json& data = array_at(json, "data", data_size(model, periods), fault);
    std::vector<double> packed;
    for (const auto& value : data) packed.push_back(number_or_nan(value, fault));
    model.values = from_base64<float>(json, "draws_float32_base64", "draws", draws_size(model, fault), fault);
    if (const std::size_t n = totals_size(json, model, fault); n > 0) model.totals = from_base64<double>(json, "totals_float64_base64", "totals", n, fault);
    check_draws(model, fault);
    check_totals(model, fault);
    unpack_data(packed, periods, model, fault);
    return model;
}

}  // namespace mmm
