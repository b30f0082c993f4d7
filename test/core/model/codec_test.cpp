// Stored models: both forms bring back every bit, and nothing damaged is taken for a model.
#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <cstring>

#include "core/model/codec.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

const char* const small_model =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
                              "simulate": {"periods": 16}})";

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}
bool same_bits(const Mat& a, const Mat& b) {
    return a.rows() == b.rows() && a.cols() == b.cols() &&
           (a.size() == 0 || std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0);
}

std::vector<double> numbers(const FittedModel& m) {
    std::vector<double> all = {m.sampler.mean_accept, m.sampler.mean_depth, static_cast<double>(m.sampler.gradients),
                               static_cast<double>(m.sampler.divergences),
                               static_cast<double>(m.sampler.max_depth_hits)};
    all.insert(all.end(), m.sampler.e_bfmi.begin(), m.sampler.e_bfmi.end());
    all.insert(all.end(), m.sampler.step_size.begin(), m.sampler.step_size.end());
    for (const auto& c : m.convergence) {
        // Not-a-number has many bit patterns; any of them means the same.
        for (const double value : {c.mean, c.sd, c.rhat, c.ess_bulk, c.ess_tail, c.mcse_mean})
            all.push_back(std::isfinite(value) ? value : -1e300);
    }
    return all;
}

void expect_same(const FittedModel& a, const FittedModel& b) {
    EXPECT_EQ(write_specification(a.spec), write_specification(b.spec));
    EXPECT_EQ(a.data.time, b.data.time);
    EXPECT_EQ(a.data.holdout, b.data.holdout);
    EXPECT_EQ(a.data.step.kind, b.data.step.kind);
    EXPECT_TRUE(same_bits(a.data.kpi, b.data.kpi));
    EXPECT_TRUE(same_bits(a.data.revenue_per_kpi, b.data.revenue_per_kpi));
    EXPECT_TRUE(same_bits(a.data.spend, b.data.spend));
    EXPECT_TRUE(same_bits(a.data.exposure, b.data.exposure));
    EXPECT_TRUE(same_bits(a.data.controls, b.data.controls));
    ASSERT_EQ(a.design.blocks.size(), b.design.blocks.size());
    for (std::size_t i = 0; i < a.design.blocks.size(); ++i)
        EXPECT_TRUE(same_bits(a.design.blocks[i].columns, b.design.blocks[i].columns));
    EXPECT_EQ(a.chains, b.chains);
    EXPECT_EQ(a.draws, b.draws);
    EXPECT_EQ(a.values, b.values);
    EXPECT_TRUE(same_bits(numbers(a), numbers(b)));
}

class StoredModel : public ::testing::TestWithParam<std::size_t> {
protected:
    FittedModel model() const { return test::hand_made_model(test::specifications()[GetParam()], 1); }
};

TEST_P(StoredModel, ComesBackFromItsBytes) {
    const FittedModel before = model();
    const std::string bytes = encode_model(before);
    const FittedModel after = decode_model(bytes);
    expect_same(before, after);
    EXPECT_EQ(encode_model(after), bytes);
}

TEST_P(StoredModel, ComesBackFromItsText) {
    const FittedModel before = model();
    const std::string text = model_text(before);
    const FittedModel after = read_model_text(text);
    expect_same(before, after);
    EXPECT_EQ(model_text(after), text);
    EXPECT_EQ(encode_model(after), encode_model(before));
}

TEST_P(StoredModel, IsNotMuchLargerThanItsDraws) {
    const FittedModel m = test::hand_made_model(test::specifications()[GetParam()], 1, 4, 1000);
    const double draws = static_cast<double>(m.values.size() * sizeof(float));
    EXPECT_LT(static_cast<double>(encode_model(m).size()), 1.2 * draws);
    EXPECT_LT(static_cast<double>(model_text(m).size()), 1.2 * draws * 4 / 3 + 20'000);
}

INSTANTIATE_TEST_SUITE_P(Specifications, StoredModel, ::testing::Range(std::size_t{0}, test::specifications().size()));

std::string what_of(const std::function<void()>& action, ErrorKind kind) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind);
        return error.what();
    }
    return "accepted";
}

TEST(ModelBytes, WithAnySingleByteChangedAreRefused) {
    const std::string bytes = encode_model(test::hand_made_model(small_model, 1, 1, 4));
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (const int flip : {0x01, 0x80, 0xFF}) {
            std::string damaged = bytes;
            damaged[i] = static_cast<char>(damaged[i] ^ flip);
            ASSERT_NE(what_of([&] { decode_model(damaged); }, ErrorKind::invalid_binary), "accepted") << "byte " << i;
        }
}

TEST(ModelBytes, CutAnywhereOrContinuedAreRefused) {
    const std::string bytes = encode_model(test::hand_made_model(small_model, 1, 1, 4));
    for (std::size_t n = 0; n < bytes.size(); ++n)
        ASSERT_NE(what_of([&] { decode_model(std::string_view(bytes).substr(0, n)); }, ErrorKind::invalid_binary),
                  "accepted")
            << n;
    EXPECT_NE(what_of([&] { decode_model(bytes + '\0'); }, ErrorKind::invalid_binary), "accepted");
}

// A change that no checksum reveals.
std::string sealed(std::string bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data() + 12, bytes.size() - 12);
    const auto sum = static_cast<std::uint32_t>(crc.checksum());
    std::memcpy(bytes.data() + 8, &sum, sizeof sum);
    return bytes;
}

TEST(ModelBytes, OfAnotherVersionSaySo) {
    std::string bytes = encode_model(test::hand_made_model(small_model, 1, 1, 4));
    bytes[4] = 2;
    EXPECT_EQ(what_of([&] { decode_model(bytes); }, ErrorKind::invalid_binary),
              "mmm_model version 2 is newer than this extension reads (1)");
    bytes[4] = 0;
    EXPECT_EQ(what_of([&] { decode_model(bytes); }, ErrorKind::invalid_binary),
              "invalid mmm_model: version 0 does not exist");
}

TEST(ModelBytes, SayWhatIsWrongWithThem) {
    const std::string bytes = encode_model(test::hand_made_model(small_model, 1, 1, 4));
    const auto refusal = [&](const std::string& damaged) {
        return what_of([&] { decode_model(damaged); }, ErrorKind::invalid_binary);
    };
    EXPECT_EQ(refusal(""), "invalid mmm_model: it does not start with MMM");
    EXPECT_EQ(refusal("PNG" + bytes), "invalid mmm_model: it does not start with MMM");
    std::string flags = bytes, sum = bytes, length = bytes, cut = bytes.substr(0, bytes.size() - 4);
    flags[6] = 1;
    EXPECT_EQ(refusal(flags), "invalid mmm_model: unknown flags are set");
    sum[9] = static_cast<char>(sum[9] + 1);
    EXPECT_EQ(refusal(sum), "invalid mmm_model: its checksum does not match");
    length[19] = 1;
    EXPECT_EQ(refusal(sealed(length)), "invalid mmm_model: it ends too early");
    EXPECT_EQ(refusal(sealed(cut)), "invalid mmm_model: its length is not what its header says");
}

TEST(ModelText, WithoutOneOfItsKeysIsRefused) {
    const Json whole = Json::parse(model_text(test::hand_made_model(small_model, 1, 1, 4)));
    for (const auto& item : whole.items())
        for (const Json& replacement : {Json("x"), Json(-1), Json(nullptr), Json::array(), Json::object()}) {
            Json without = whole, other = whole;
            without.erase(item.key());
            other[item.key()] = replacement;
            EXPECT_NE(what_of([&] { read_model_text(without.dump()); }, ErrorKind::invalid_text), "accepted")
                << item.key();
            if (replacement == item.value()) continue;
            EXPECT_NE(what_of([&] { read_model_text(other.dump()); }, ErrorKind::invalid_text), "accepted")
                << item.key() << " " << replacement;
        }
}

TEST(ModelText, SaysWhatIsWrongWithIt) {
    const Json whole = Json::parse(model_text(test::hand_made_model(small_model, 1, 1, 4)));
    const auto changed = [&](const std::function<void(Json&)>& change) {
        Json document = whole;
        change(document);
        return what_of([&] { read_model_text(document.dump()); }, ErrorKind::invalid_text);
    };
    EXPECT_EQ(what_of([] { read_model_text("nonsense"); }, ErrorKind::invalid_text), "invalid mmm_model: invalid JSON, 8 bytes long");
    EXPECT_EQ(what_of([] { read_model_text("[]"); }, ErrorKind::invalid_text),
              "invalid mmm_model: a JSON object was expected");
    EXPECT_EQ(changed([](Json& d) { d["mmm_model"] = 7; }),
              "mmm_model version 7 is newer than this extension reads (1)");
    EXPECT_EQ(changed([](Json& d) { d["spec"]["trend"] = "liner"; }),
              "invalid mmm_model: its specification is not valid: trend: \"liner\" is not a trend family (did you mean "
              "\"linear\"?)");
    EXPECT_EQ(changed([](Json& d) { d["spec"]["trend"] = "linear"; }),
              "invalid mmm_model: parameters does not have 6 elements");
    EXPECT_EQ(changed([](Json& d) { d["parameters"][0] = "x"; }),
              "invalid mmm_model: its parameters are not those of its specification");
    EXPECT_EQ(changed([](Json& d) { d["chains"] = 0; }), "invalid mmm_model: it has no draws");
    EXPECT_EQ(changed([](Json& d) { d["chains"] = 2; }), "invalid mmm_model: draws do not have the expected length");
    EXPECT_EQ(changed([](Json& d) { d["chains"] = 1000, d["draws_per_chain"] = 100'000'000; }),
              "invalid mmm_model: it claims more draws than a value can hold");
    EXPECT_EQ(changed([](Json& d) { d["periods"] = 15; }), "invalid mmm_model: data does not have 90 elements");
    EXPECT_EQ(changed([](Json& d) { d["data"][0] = d["data"][1]; }), "invalid mmm_model: its times are not in order");
    EXPECT_EQ(changed([](Json& d) { d["data"][0] = 0; }), "invalid mmm_model: its times are not evenly spaced");
    EXPECT_EQ(changed([](Json& d) { d["data"][0] = 1e18; }), "invalid mmm_model: a time is out of range");
    EXPECT_EQ(changed([](Json& d) { d["data"][40] = nullptr; }), "invalid mmm_model: its data are not finite");
    EXPECT_EQ(changed([](Json& d) { d["data"][70] = -1; }), "invalid mmm_model: its media are negative");
    EXPECT_EQ(changed([](Json& d) {
                  for (int i = 80; i < 96; ++i) d["data"][static_cast<std::size_t>(i)] = 0;
              }),
              "invalid mmm_model: its data cannot be scaled");
    EXPECT_EQ(changed([](Json& d) {
                  for (int i = 16; i < 32; ++i) d["data"][static_cast<std::size_t>(i)] = 1;
              }),
              "invalid mmm_model: no period is fitted");
    EXPECT_EQ(changed([](Json& d) {
                  d["draws_float32_base64"] = std::string(d["draws_float32_base64"].get<std::string>().size(), '!');
              }),
              "invalid mmm_model: draws are not base64");
}

TEST(ModelText, WithDrawsThatCannotBeIsRefused) {
    FittedModel model = test::hand_made_model(small_model, 1, 1, 4);
    const auto text_with = [&](int parameter, float value) {
        FittedModel changed = model;
        changed.values[static_cast<std::size_t>(parameter) * 4 + 1] = value;
        const std::string text = model_text(changed);
        return what_of([&] { read_model_text(text); }, ErrorKind::invalid_text);
    };
    EXPECT_EQ(text_with(model.layout.sigma.first, -1), "invalid mmm_model: a posterior draw is out of range");
    EXPECT_EQ(text_with(model.layout.media[0].adstock[0].first, 1.5F), "invalid mmm_model: a posterior draw is out of range");
    EXPECT_EQ(text_with(0, std::numeric_limits<float>::quiet_NaN()),
              "invalid mmm_model: a posterior draw is not finite");
    EXPECT_EQ(text_with(0, std::numeric_limits<float>::infinity()),
              "invalid mmm_model: a posterior draw is not finite");
    // Rounding to float32 may land on a bound.
    EXPECT_EQ(text_with(model.layout.media[0].adstock[0].first, 1), "accepted");
    EXPECT_EQ(text_with(model.layout.sigma.first, 0), "accepted");
}

// A short text must not ask for gigabytes: functions of processes are as many as periods times basis.
TEST(ModelText, WithMoreFunctionsOfAProcessThanAnyModelIsRefused) {
    const FittedModel model = test::hand_made_model(
        R"({"time": "day", "kpi": "sales", "media": {"tv": "tv"}, "seasonality": false, "trend": {"family": "gp", "basis": 1000},
            "simulate": {"periods": 20, "step": "day"}})", 1, 1, 1);
    Json document = Json::parse(model_text(model));
    const int periods = 60'000;
    document["periods"] = periods;
    document["data"] = Json::array();
    const std::size_t columns = model.data.time.size() == 20 ? Json::parse(model_text(model))["data"].size() / 20 : 0;
    for (int t = 0; t < periods; ++t) document["data"].push_back(86400.0 * t);
    for (std::size_t i = 0; i < static_cast<std::size_t>(periods) * (columns - 1); ++i) document["data"].push_back(i < static_cast<std::size_t>(periods) ? 0 : 1 + i % 7);
    try {
        read_model_text(document.dump());
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("larger than any model"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace mmm
