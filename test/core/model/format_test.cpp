// Words and numbers of messages, and the estimate of memory.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "core/format.hpp"
#include "core/memory_estimate.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

TEST(FormatNumber, IsTheShortestThatReadsBack) {
    EXPECT_EQ(format_number(0.1), "0.1");
    EXPECT_EQ(format_number(-3), "-3");
    EXPECT_EQ(format_number(1e300), "1e+300");
    EXPECT_EQ(format_number(1.0 / 3), "0.3333333333333333");
    EXPECT_EQ(format_number(INFINITY), "inf");
    EXPECT_EQ(format_number(-std::numeric_limits<double>::denorm_min()), "-5e-324");
}

RC_GTEST_PROP(FormatNumber, ReadsBackAsTheSameNumber, (double value)) {
    RC_ASSERT(std::strtod(format_number(value).c_str(), nullptr) == value);
}

TEST(JoinOr, EndsWithOr) {
    EXPECT_EQ(join_or({}), "");
    EXPECT_EQ(join_or({"a"}), "a");
    EXPECT_EQ(join_or({"a", "b"}), "a or b");
    EXPECT_EQ(join_or({"a", "b", "c"}), "a, b or c");
}

TEST(Nearest, IsALikelySlipOrNothing) {
    EXPECT_EQ(nearest("geometrc", {"geometric", "delayed"}), "geometric");
    EXPECT_EQ(nearest("tv_spent", {"tv_spend", "tv"}), "tv_spend");
    EXPECT_EQ(nearest("banana", {"geometric", "delayed"}), "");
    EXPECT_EQ(nearest("x", {"a"}), "");
    EXPECT_EQ(nearest("", {"geo"}), "");
    EXPECT_EQ(nearest(std::string(1000, 'a'), {std::string(1000, 'a')}), "");
    EXPECT_EQ(did_you_mean("hil", {"hill"}), " (did you mean \"hill\"?)");
    EXPECT_EQ(did_you_mean("banana", {"hill"}), "");
}

MemoryEstimate estimate(const std::string& sampler, std::int64_t periods = 200, int threads = 4) {
    Json document = Json::parse(test::specifications()[0]);
    document["sampler"] = Json::parse(sampler);
    Table table;
    table.time.resize(static_cast<std::size_t>(periods));
    return estimate_memory(read_specification(document), table, threads);
}

TEST(MemoryEstimate, GrowsWithWhatTakesMemory) {
    const MemoryEstimate base = estimate("{}");
    EXPECT_GT(base.total(), 0);
    EXPECT_DOUBLE_EQ(estimate(R"({"draws": 2000})").draws, 2 * base.draws);
    EXPECT_DOUBLE_EQ(estimate(R"({"chains": 8})").draws, 2 * base.draws);
    EXPECT_DOUBLE_EQ(estimate("{}", 400).data, 2 * base.data);
    EXPECT_LT(estimate("{}", 200, 1).sampler, base.sampler);
    EXPECT_LT(estimate(R"({"method": "map"})").draws, base.draws / 1000);
}

TEST(MemoryEstimate, AboveTheLimitIsRefusedWithTheRemedy) {
    const auto refusal = [](const MemoryEstimate& e) {
        try {
            check_memory(e, 10 << 20);
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::limit_exceeded);
            EXPECT_EQ(std::string(error.what()).find("the fit needs about "), 0u);
            EXPECT_NE(std::string(error.what()).find(", more than mmm.max_memory allows (10 MB)"), std::string::npos);
            EXPECT_EQ(error.detail().find("Draws take "), 0u);
            return error.hint();
        }
        return std::string("accepted");
    };
    EXPECT_EQ(refusal(estimate(R"({"draws": 1000000})")),
              "Use fewer sampler.draws or sampler.chains, or ask an administrator to raise mmm.max_memory.");
    EXPECT_EQ(refusal(estimate(R"({"warmup": 1000000, "draws": 4})")),
              "Use a smaller sampler.warmup, fewer parameters or fewer threads, or ask an administrator to raise "
              "mmm.max_memory.");
    EXPECT_EQ(refusal(estimate(R"({"draws": 4, "warmup": 20})", 1'000'000)),
              "Use fewer periods or media, or ask an administrator to raise mmm.max_memory.");
    EXPECT_EQ(refusal(estimate(R"({"draws": 4, "warmup": 20})")), "accepted");
}

}  // namespace
}  // namespace mmm
