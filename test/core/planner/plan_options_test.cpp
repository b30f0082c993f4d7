// What is wrong with a plan's options is said by field, value and remedy.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "model/hand_made_model.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
const char* const small_model =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": "web"}, "organic_media": {"mail": "mails"},
    "simulate": {"periods": 60, "start": "2024-01-01", "truth": {"intercept": 0.6}}})";

std::string refusal(const std::string& options) {
    static const FittedModel model = test::hand_made_model(small_model, 1, 1, 5);
    try {
        optimize_budget(model, options, idle);
        return "accepted";
    } catch (const Error& error) {
        EXPECT_TRUE(error.kind() == ErrorKind::invalid_specification || error.kind() == ErrorKind::invalid_argument)
            << options;
        return error.what();
    }
}

TEST(PlanOptions, ThatAreWrongAreNamed) {
    const std::pair<const char*, const char*> cases[] = {
        {"[]", "options: found an array, expected an object"},
        {R"({"budgt": 1})", "budgt: unknown key (did you mean \"budget\"?)"},
        {R"({"budget": -5})", "budget: found -5, expected a number above 0"},
        {R"({"budget": "much"})", "budget: found \"much\", expected a number"},
        {R"({"budget": 1, "target_roi": 2})", "target_roi: found beside budget, expected one of them"},
        {R"({"max_budget": 1})", "max_budget: found without a target"},
        {R"({"locked": ["tvv"]})", "locked[0]: \"tvv\" is not a paid channel of the model (did you mean \"tv\"?)"},
        {R"({"locked": ["mail"]})", "locked[0]: \"mail\" is not a paid channel of the model"},
        {R"({"locked": "tv"})", "locked: found \"tv\", expected an array"},
        {R"({"bounds": {"tv": 2}})", "bounds.tv: found 2, expected [least, most]"},
        {R"({"bounds": {"tv": [2, 1]}})", "bounds.tv: found 2 above 1, expected [least, most]"},
        {R"({"bounds": {"tv": [-1, 1]}})", "bounds.tv[0]: found -1, expected a number of 0 or more"},
        {R"({"bounds": {"radio": [0, 1]}})", "bounds.radio: \"radio\" is not a paid channel of the model"},
        {R"({"bounds": {"tv": [0, 1], "unit": "dollars"}})", "bounds.unit: \"dollars\" is not a unit of bounds"},
        {R"({"bounds": {"tv": [0, 1]}, "locked": ["tv"]})", "locked: \"tv\" is locked and has bounds"},
        {R"({"constraints": [{"channels": {"tv": 1}}]})", "constraints[0]: neither min nor max is given"},
        {R"({"constraints": [{"channels": {"tv": 0}, "min": 1}]})",
         "constraints[0].channels: no channel has a weight other than 0"},
        {R"({"constraints": [{"channels": {"tvv": 1}, "min": 1}]})",
         "constraints[0].channels.tvv: \"tvv\" is not a paid channel of the model (did you mean \"tv\"?)"},
        {R"({"constraints": [{"min": 1}]})",
         R"(constraints[0].channels: missing, expected an object of weights such as {"tv": 1, "radio": -1})"},
        {R"({"groups": {"all": {"channels": ["tv"], "min": 2, "max": 1}}})",
         "groups.all.min: found 2 above max 1, expected min <= max"},
        {R"({"by": "day"})", "by: \"day\" is not what a plan can be made by"},
        {R"({"by": "geo"})", "by: a plan by geo was asked for, but the model is national"},
        {R"({"from": "soon"})", "from: \"soon\" is not a date"},
        {R"({"from": "2030-01-01"})", "no period of the model lies between from and to"},
        {R"({"objective": "median"})",
         "objective: \"median\" is not an objective without a parameter (did you mean \"mean\"?)"},
        {R"({"objective": {"quantile": 2}})", "objective.quantile: found 2, expected a number from 0 to 1"},
        {R"({"objective": {}})", "objective: found 0 objectives, expected one"},
        {R"({"objective": {"cvar": 0.1}, "target_roi": 1})", "objective: a target ROI or mROI is about the mean"},
        {R"({"level": 1})", "level: found 1, expected a number between 0 and 1"},
        {R"({"carryover": "yes"})", "carryover: \"yes\" is not a way to count carry-over"},
        {R"({"budget": 1)", "invalid JSON"}};
    for (const auto& [options, message] : cases) EXPECT_EQ(refusal(options), message) << options;
}

TEST(PlanOptions, ThatAreNullAreAsIfTheyWereNotThere) {
    EXPECT_EQ(refusal(R"({"budget": null, "locked": null, "objective": null, "from": null})"), "accepted");
}

TEST(PlanOptions, BudgetOutsideTheBoundsSaysWhatTheBoundsAllow) {
    EXPECT_EQ(refusal(R"({"budget": 1, "bounds": [0.7, 1.3]})").substr(0, 55),
              "budget asks for exactly 1, but the bounds allow no less");
}

TEST(PlanOptions, FarBeyondTheDataAreRefused) {
    for (const char* options : {R"({"bounds": {"tv": [0, 1e9]}})", R"({"budget": 1e15})"}) {
        const std::string message = refusal(options);
        EXPECT_NE(message.find("more than 1000 times its current spend"), std::string::npos) << message;
    }
}

}  // namespace
}  // namespace mmm
