#include "core/report/graphic_table.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/html.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg.hpp"

namespace mmm::page {

namespace {

constexpr double margin = 3;  // percent of the cell, at either end

std::string at_percent(const char* name, double value) {
    return std::string(" ") + name + "=\"" + coordinate(value) + "%\"";
}

std::string vertical(double x, const std::string& css, const char* from, const char* to) {
    return "<line class=\"" + css + "\"" + at_percent("x1", x) + at_percent("x2", x) + " y1=\"" + from + "\" y2=\"" +
           to + "\"/>";
}

std::string grid_marks(const GraphicTable& table) {
    std::string out;
    for (const double tick : table.axis.ticks)
        out += vertical(table.axis.at(tick), tick == 0 ? "zero" : "grid", "0", "100%");
    if (table.reference) out += vertical(table.axis.inside(*table.reference), "reference", "0", "100%");
    return out;
}

std::string axis_head(const GraphicTable& table) {
    std::string out;
    const auto labels = tick_labels(table.axis.ticks);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double x = table.axis.at(table.axis.ticks[i]);
        out +=
            "<text class=\"tick\"" + at_percent("x", x) + " y=\"13\" text-anchor=\"middle\">" + labels[i] + "</text>";
    }
    return "<svg class=\"axis\" aria-hidden=\"true\">" + out + "</svg>";
}

std::string row_html(const GraphicRow& row, const std::string& grid) {
    std::string out = row.total ? "<tr role=\"row\" class=\"total\">" : "<tr role=\"row\">";
    out += "<th role=\"rowheader\" scope=\"row\">" + row.name + "</th>";
    out += "<td role=\"cell\" class=\"picture\"><svg class=\"mini\" role=\"img\"><title>" + escape(row.title) +
           "</title>" + grid + "<svg y=\"50%\" overflow=\"visible\">" + row.marks + "</svg></svg></td>";
    out += "<td role=\"cell\" class=\"number\">" + row.value;
    if (!row.detail.empty()) out += " <small>" + row.detail + "</small>";
    return out + "</td></tr>\n";
}

}  // namespace

Scale percent_scale(double low, double high, int ticks) {
    return nice_scale(low, high, margin, 100 - margin, ticks);
}

double shown_limit(const std::vector<double>& means, const std::vector<double>& uppers) {
    double mean = 0, upper = 0;
    for (const double value : means) mean = std::isfinite(value) ? std::max(mean, value) : mean;
    for (const double value : uppers) upper = std::isfinite(value) ? std::max(upper, value) : upper;
    return std::max(mean, std::min(upper, 3 * mean));
}

std::string whisker_marks(const Scale& axis, double lower, double upper, double y) {
    if (std::isnan(lower) || std::isnan(upper)) return {};
    const double from = axis.inside(lower), to = axis.inside(upper);
    std::string out = "<line class=\"whisker\"" + at_percent("x1", from) + at_percent("x2", to) + " y1=\"" +
                      coordinate(y) + "\" y2=\"" + coordinate(y) + "\"/>";
    const std::string low = coordinate(y - 4), high = coordinate(y + 4);
    if (lower >= axis.low) out += vertical(from, "whisker", low.c_str(), high.c_str());
    if (upper <= axis.high) return out + vertical(to, "whisker", low.c_str(), high.c_str());
    return out + "<svg" + at_percent("x", to) + " overflow=\"visible\"><path class=\"arrow\" d=\"M0 " + low + "L7 " +
           coordinate(y) + "L0 " + high + "Z\"/></svg>";
}

std::string dot_marks(const Scale& axis, double mean, double lower, double upper) {
    if (!std::isfinite(mean)) return {};
    return whisker_marks(axis, lower, upper) + "<circle class=\"dot\"" + at_percent("cx", axis.inside(mean)) +
           " cy=\"0\" r=\"5\"/>";
}

std::string bar_marks(const Scale& axis, double begin, double end, double y, double height, const std::string& css) {
    const double from = axis.inside(std::min(begin, end)), to = axis.inside(std::max(begin, end));
    return "<rect class=\"" + css + "\"" + at_percent("x", from) + at_percent("width", std::max(0.3, to - from)) +
           " y=\"" + coordinate(y) + "\" height=\"" + coordinate(height) + "\"/>";
}

std::string GraphicTable::html() const {
    std::string out = "<table role=\"table\" class=\"graphic\"><caption>" + caption +
                      "</caption><thead><tr role=\"row\"><th "
                      "role=\"columnheader\" scope=\"col\">" +
                      name_head +
                      "</th><th role=\"columnheader\" scope=\"col\" "
                      "class=\"picture\"><span class=\"hidden\">Picture</span>" +
                      axis_head(*this) +
                      "</th><th role=\"columnheader\" "
                      "scope=\"col\" class=\"number\">" +
                      value_head + "</th></tr></thead>\n<tbody>\n";
    const std::string grid = grid_marks(*this);
    for (const GraphicRow& row : rows) out += row_html(row, grid);
    out += "</tbody></table>\n";
    if (reference && !reference_label.empty())
        out +=
            "<p class=\"key\"><svg width=\"26\" height=\"12\" aria-hidden=\"true\"><line class=\"reference\" x1=\"13\" "
            "x2=\"13\" "
            "y1=\"0\" y2=\"12\"/></svg>" +
            reference_label + "</p>\n";
    return out;
}

}  // namespace mmm::page
