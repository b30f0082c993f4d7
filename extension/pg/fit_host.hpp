// A backend as the engine's host: interruptible, showing progress, within the limits that the settings give.
#pragma once

#include "core/host.hpp"

#include "pg/progress.hpp"
#include "pg/progress_notice.hpp"

namespace mmm::pg {

class FitHost {
public:
    explicit FitHost(const std::string& model);
    ~FitHost();
    FitHost(const FitHost&) = delete;
    FitHost& operator=(const FitHost&) = delete;
    const Host& host() const { return host_; }

private:
    ProgressEntry entry_;
    ProgressNotice notice_;
    Host host_;
};

}  // namespace mmm::pg
