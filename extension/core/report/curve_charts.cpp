#include "core/report/curve_charts.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/number_format.hpp"
#include "core/report/scale.hpp"
#include "core/report/svg.hpp"

namespace mmm::page {

namespace {

constexpr double block_width = 330, curve_height = 210, bars_height = 170;
constexpr std::size_t most_lags = 60, most_frequencies = 200;

struct BlockFrame {
    Scale x, y;
};

void draw_block_ground(Svg& svg, const BlockFrame& frame) {
    const auto labels = tick_labels(frame.y.ticks);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double at = frame.y.at(frame.y.ticks[i]);
        svg.line({frame.x.from, at}, {frame.x.to, at}, frame.y.ticks[i] == 0 ? "zero" : "grid");
        svg.text({frame.x.from - 6, at + 4}, Anchor::end, "tick", labels[i]);
    }
}

void draw_block_ticks(Svg& svg, const Scale& x, double bottom) {
    const auto labels = tick_labels(x.ticks);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double at = x.at(x.ticks[i]), half = 3.5 * static_cast<double>(labels[i].size());
        svg.line({at, bottom}, {at, bottom + 4}, "zero");
        svg.text({std::min(at, block_width - half), bottom + 17}, Anchor::middle, "tick", labels[i]);
    }
}

double left_margin(const Scale& y) {
    std::size_t longest = 1;
    for (const auto& label : tick_labels(y.ticks)) longest = std::max(longest, label.size());
    return 7.7 * static_cast<double>(longest) + 11;
}

// The current spend: a line up to the curve, a dot on it, a label beside it.
void mark_current(Svg& svg, const BlockFrame& frame, const ResponseRow& now, const Wording& words) {
    const double x = frame.x.at(now.spend.value_or(now.multiplier)), y = frame.y.at(now.contribution);
    svg.line({x, frame.y.from}, {x, y}, "current");
    svg.circle({x, y}, 5, "dot");
    const std::string label = now.spend ? "now " + words.money(*now.spend) : "now";
    // A rising curve leaves room on the left above it.
    svg.text({x - 7, std::max(frame.y.to + 10, y - 9)}, Anchor::end, "label", label);
}

// From 1, in whole steps.
Scale frequency_scale(double most, double from, double to) {
    Scale scale{1, std::max(most, 1.1), from, to, {}};
    const double step = std::max(1.0, std::ceil((most - 1) / 6));
    for (double tick = 1; tick <= most; tick += step) scale.ticks.push_back(tick);
    return scale;
}

// A dashed line across the picture; the label keeps to the side that has room, at the foot.
void mark_frequency(Svg& svg, const BlockFrame& frame, double now) {
    if (!(now >= frame.x.low && now <= frame.x.high)) return;
    const double x = frame.x.at(now);
    const bool right = x < (frame.x.from + frame.x.to) / 2;
    svg.line({x, frame.y.from}, {x, frame.y.to}, "current");
    svg.text({x + (right ? 6 : -6), frame.y.from - 8}, right ? Anchor::start : Anchor::end, "label",
             "now " + grouped(now, 1));
}

void mark_best(Svg& svg, const BlockFrame& frame, const FrequencyRow& best) {
    const double x = frame.x.at(best.frequency), y = frame.y.at(*best.roi);
    const std::string label = "best " + grouped(best.frequency, 1);
    const double half = 3.7 * static_cast<double>(label.size());
    svg.circle({x, y}, 5, "dot");
    svg.text({std::clamp(x, frame.x.from + half, frame.x.to - half), std::max(frame.y.to + 10, y - 10)}, Anchor::middle,
             "label", label);
}

}  // namespace

std::string response_picture(const std::vector<ResponseRow>& rows, const Wording& words) {
    double low = 0, high = 0, spend = 0;
    for (const ResponseRow& row : rows) {
        for (const double value : {row.contribution, row.lower, row.upper})
            if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
        spend = std::max(spend, row.spend.value_or(row.multiplier));
    }
    BlockFrame frame{{}, nice_scale(low, high, curve_height - 40, 10, 4)};
    frame.x = nice_scale(0, spend, left_margin(frame.y), block_width - 12, 4);
    frame.x.high = spend;  // the curve fills the picture
    while (frame.x.ticks.size() > 1 && frame.x.ticks.back() > spend) frame.x.ticks.pop_back();
    Svg svg(block_width, curve_height, "Response of " + words.kpi + " to spend on " + rows.front().channel,
            "Incremental " + words.kpi + " against spend, with interval; a dot marks the current spend.");
    draw_block_ground(svg, frame);
    draw_block_ticks(svg, frame.x, frame.y.from);
    svg.text({(frame.x.from + frame.x.to) / 2, curve_height - 6}, Anchor::middle, "axis-name", "spend");
    std::vector<Point> line, upper, lower;
    const ResponseRow* now = nullptr;
    for (const ResponseRow& row : rows) {
        const double x = frame.x.at(row.spend.value_or(row.multiplier));
        line.push_back({x, frame.y.at(row.contribution)});
        if (std::isfinite(row.lower) && std::isfinite(row.upper)) {
            lower.push_back({x, frame.y.at(row.lower)});
            upper.push_back({x, frame.y.at(row.upper)});
        }
        if (row.multiplier == 1) now = &row;
    }
    if (!lower.empty()) svg.path(area_path(upper, lower), "band");
    svg.path(line_path(line), "model");
    if (now != nullptr) mark_current(svg, frame, *now, words);
    return svg.str("block");
}

std::string adstock_picture(const std::vector<AdstockRow>& rows, const Wording& words) {
    // Without the tail that no eye can see.
    double most = 0, high = 0;
    for (const AdstockRow& row : rows) most = std::max(most, row.mean);
    std::size_t shown = std::min<std::size_t>(rows.size(), 4);
    for (std::size_t i = 0; i < std::min(rows.size(), most_lags); ++i)
        if (rows[i].mean > 0.01 * most) shown = std::max(shown, i + 1);
    for (std::size_t i = 0; i < shown; ++i)
        high = std::max({high, rows[i].mean, std::isfinite(rows[i].upper) ? rows[i].upper : 0});
    BlockFrame frame{{}, nice_scale(0, high, bars_height - 40, 10, 3)};
    frame.x = {0, static_cast<double>(shown), left_margin(frame.y), block_width - 8, {}};
    Svg svg(block_width, bars_height, "Carry-over of " + rows.front().channel,
            "Weight of the effect by " + words.periods + " after the exposure, with intervals.");
    draw_block_ground(svg, frame);
    const double step = (frame.x.to - frame.x.from) / static_cast<double>(shown), bar = std::min(34.0, 0.62 * step);
    const std::size_t every = (shown + 11) / 12;
    for (std::size_t i = 0; i < shown; ++i) {
        const double centre = frame.x.at(static_cast<double>(i) + 0.5), top = frame.y.at(rows[i].mean);
        svg.rect({centre - bar / 2, top}, bar, frame.y.from - top, "bar");
        if (std::isfinite(rows[i].lower) && std::isfinite(rows[i].upper))
            svg.line({centre, frame.y.at(rows[i].lower)}, {centre, frame.y.at(rows[i].upper)}, "whisker");
        if (i % every == 0) svg.text({centre, frame.y.from + 15}, Anchor::middle, "tick", std::to_string(rows[i].lag));
    }
    svg.text({(frame.x.from + frame.x.to) / 2, bars_height - 6}, Anchor::middle, "axis-name", words.periods + " later");
    return svg.str("block");
}

std::string frequency_picture(const std::vector<FrequencyRow>& rows, double now, const Wording& words) {
    double low = 0, high = 0;
    for (const FrequencyRow& row : rows)
        for (const double value : {*row.roi, *row.roi_lower, *row.roi_upper})
            if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
    BlockFrame frame{{}, nice_scale(low, high, curve_height - 40, 10, 4)};
    frame.x = frequency_scale(rows.back().frequency, left_margin(frame.y), block_width - 12);
    const std::string of = words.has_revenue ? "ROI" : words.kpi + " for each unit of spend";
    Svg svg(block_width, curve_height, of + " of " + rows.front().channel + " by frequency",
            of + " against average frequency, with interval; a dot marks the best frequency, a line the one that was.");
    draw_block_ground(svg, frame);
    draw_block_ticks(svg, frame.x, frame.y.from);
    svg.text({(frame.x.from + frame.x.to) / 2, curve_height - 6}, Anchor::middle, "axis-name", "average frequency");
    std::vector<Point> line, upper, lower;
    const std::size_t every = rows.size() / most_frequencies + 1;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const FrequencyRow& row = rows[i];
        if (i % every != 0 && !row.optimal && i + 1 != rows.size()) continue;
        const double x = frame.x.at(row.frequency);
        line.push_back({x, frame.y.at(*row.roi)});
        if (!std::isfinite(*row.roi_lower) || !std::isfinite(*row.roi_upper)) continue;
        lower.push_back({x, frame.y.at(*row.roi_lower)});
        upper.push_back({x, frame.y.at(*row.roi_upper)});
    }
    if (!lower.empty()) svg.path(area_path(upper, lower), "band");
    svg.path(line_path(line), "model");
    mark_frequency(svg, frame, now);
    for (const FrequencyRow& row : rows)
        if (row.optimal) mark_best(svg, frame, row);
    return svg.str("block");
}

}  // namespace mmm::page
