// The posterior in the layout that ArviZ's from_dict() reads: groups of named arrays, chains x draws.
//
//   posterior      every parameter under its name
//   sample_stats   step_size, where the model was sampled by NUTS (one a chain, repeated for its draws)
//   observed_data  the KPI of the fitted rows under the name of its column
#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/json.hpp"

namespace mmm {

namespace {

// Text of "key": [...], grown in place: a document tree of a million draws would be ten times larger.
class GroupWriter {
public:
    GroupWriter(std::string& out, const char* name) : out_(out) {
        out_ += (out_.size() > 1 ? ", \"" : "\"") + std::string(name) + "\": {";
    }

    void begin(const std::string& name) {
        out_ += (first_ ? "" : ", ") + Json(name).dump() + ": ";
        first_ = false;
    }
    // value(i) for i = 0 .. n - 1
    template <typename Value>
    void list(std::size_t n, Value&& value) {
        out_ += '[';
        for (std::size_t i = 0; i < n; ++i) out_ += (i > 0 ? ", " : "") + format_number(value(i));
        out_ += ']';
    }
    template <typename Value>
    void by_chain(int chains, int draws, Value&& value) {
        out_ += '[';
        for (int chain = 0; chain < chains; ++chain) {
            if (chain > 0) out_ += ", ";
            list(static_cast<std::size_t>(draws),
                 [&](std::size_t draw) { return value(static_cast<std::size_t>(chain), draw); });
        }
        out_ += ']';
    }
    void end() { out_ += '}'; }

private:
    std::string& out_;
    bool first_ = true;
};

}  // namespace

std::string arviz_json(const FittedModel& model, const Poll& poll) {
    std::string out = "{";
    GroupWriter posterior(out, "posterior");
    for (int p = 0; p < model.layout.size(); ++p) {
        poll();
        posterior.begin(model.layout.parameters[static_cast<std::size_t>(p)].name);
        const float* values = model.parameter_draws(p);
        posterior.by_chain(model.chains, model.draws, [&](std::size_t chain, std::size_t draw) {
            return static_cast<double>(values[chain * static_cast<std::size_t>(model.draws) + draw]);
        });
    }
    posterior.end();
    if (!model.sampler.step_size.empty()) {
        GroupWriter stats(out, "sample_stats");
        stats.begin("step_size");
        stats.by_chain(model.chains, model.draws,
                       [&](std::size_t chain, std::size_t) { return model.sampler.step_size[chain]; });
        stats.end();
    }
    GroupWriter observed(out, "observed_data");
    observed.begin(model.spec.kpi);
    const Vec kpi = fitted_values(model.data, model.data.kpi);
    observed.list(static_cast<std::size_t>(kpi.size()),
                  [&](std::size_t i) { return kpi[static_cast<Eigen::Index>(i)]; });
    observed.end();
    return out + "}";
}

}  // namespace mmm
