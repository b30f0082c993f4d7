// Pictures over time. Each is drawn for a wide and for a narrow page, since text must not shrink with the picture.
#pragma once

#include <string>
#include <vector>

#include "core/report/history.hpp"

namespace mmm::page {

// Actual KPI as dots, posterior mean as a line, predictive interval as a band; held-out points on a shaded ground.
std::string fit_picture(const History& history, const std::string& kpi);

// A layer of the stacked areas and its entry in the key. `style` is the number of its colour and pattern.
struct Layer {
    std::string name, letter;
    std::size_t style;
    double total;
    Vec by_point;
};

constexpr std::size_t most_layers = 8;

// Everything that is no medium below, then the rest by size; what has no colour of its own left is merged into one.
std::vector<Layer> layers_of(const History& history);

std::string stack_picture(const History& history, const std::vector<Layer>& layers, const std::string& kpi);

}  // namespace mmm::page
