// Small pictures of one channel each, all in the same form, for a grid that wraps.
#pragma once

#include <string>
#include <vector>

#include "core/report/context.hpp"

namespace mmm::page {

// Incremental KPI against spend, with the current spend marked.
std::string response_picture(const std::vector<ResponseRow>& rows, const Wording& words);

// The share of the effect that falls into each period after the money was spent.
std::string adstock_picture(const std::vector<AdstockRow>& rows, const Wording& words);

// ROI against average frequency of one channel with spend; the best frequency and the one that was (`now`) are marked.
std::string frequency_picture(const std::vector<FrequencyRow>& rows, double now, const Wording& words);

}  // namespace mmm::page
