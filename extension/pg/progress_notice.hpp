// Progress as NOTICEs to the fit's own client, for mmm.progress = notice: at each new phase and about every 10 %, but
// not more than one a second.
#pragma once

#include <chrono>

#include "core/host.hpp"

#include "pg/boundary.hpp"

namespace mmm::pg {

class ProgressNotice {
public:
    explicit ProgressNotice(std::string model) : model_(std::move(model)) {}
    void update(Phase overall, const ChainProgress* chains, int n_chains);

private:
    std::string model_;
    std::optional<Phase> phase_;
    int tenths_ = 0;
    std::chrono::steady_clock::time_point last_{};
};

}  // namespace mmm::pg
