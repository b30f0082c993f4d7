// Tables with a picture in each row: dots with whiskers, bars. All rows share one axis. The picture's positions are
// percentages of its cell, so that it fits any width while names wrap and text keeps its size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/report/scale.hpp"

namespace mmm::page {

// From 0 to 100 % of the cell's width.
Scale percent_scale(double low, double high, int ticks);

// The largest value worth showing: an interval that reaches far beyond all means is cut there.
double shown_limit(const std::vector<double>& means, const std::vector<double>& uppers);

// Marks of a row; y in pixels from its middle. Intervals that are not finite are left out, those beyond the axis end in
// an arrow.
std::string whisker_marks(const Scale& axis, double lower, double upper, double y = 0);
std::string dot_marks(const Scale& axis, double mean, double lower, double upper);
std::string bar_marks(const Scale& axis, double begin, double end, double y, double height, const std::string& css);

struct GraphicRow {
    std::string name;   // HTML
    std::string title;  // plain text: what the marks show
    std::string marks;
    std::string value;   // HTML
    std::string detail;  // HTML, smaller; may be empty
    bool total = false;
};

struct GraphicTable {
    std::string caption;  // HTML
    std::string name_head, value_head;
    Scale axis;
    std::optional<double> reference;  // a line through all rows
    std::string reference_label;
    std::vector<GraphicRow> rows;

    std::string html() const;
};

}  // namespace mmm::page
