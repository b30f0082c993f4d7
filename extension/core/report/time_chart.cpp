#include "core/report/time_chart.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/html.hpp"
#include "core/report/number_format.hpp"
#include "core/report/scale.hpp"
#include "core/report/svg.hpp"

namespace mmm::page {

namespace {

struct ChartSize {
    double width, height;
    std::size_t date_ticks;
    int value_ticks;
    const char* css;
};
constexpr ChartSize wide_chart{840, 300, 11, 5, "chart wide"};
constexpr ChartSize narrow_chart{380, 240, 5, 4, "chart narrow"};
constexpr Eigen::Index most_stacked_wide = 200,
                       most_stacked_narrow = 80;  // spikes closer than that are noise to the eye

// The frame of a picture over time: axes, grid, and where a point of time lies.
class TimeFrame {
public:
    TimeFrame(const ChartSize& size, const History& history, double low, double high)
        : size_(size),
          history_(history),
          y_(nice_scale(low, high, size.height - 26, 12, size.value_ticks)),
          labels_(tick_labels(y_.ticks)) {
        for (const auto& label : labels_) left_ = std::max(left_, 7.7 * columns_of(label) + 13);
    }

    double x(std::size_t i) const {
        const double last = std::max(1.0, static_cast<double>(history_.time.size()) - 1);
        return left_ + 4 + static_cast<double>(i) / last * (size_.width - left_ - 12);
    }
    double y(double value) const { return y_.at(value); }
    Point at(std::size_t i, double value) const { return {x(i), y(value)}; }
    std::vector<Point> points(ConstVecRef values) const {
        std::vector<Point> all;
        for (Eigen::Index i = 0; i < values.size(); ++i)
            if (std::isfinite(values[i])) all.push_back(at(static_cast<std::size_t>(i), values[i]));
        return all;
    }

    void ground(Svg& svg) const {
        for (std::size_t i = 0; i < labels_.size(); ++i) {
            const double at = y_.at(y_.ticks[i]);
            svg.line({left_, at}, {size_.width - 4, at}, y_.ticks[i] == 0 ? "zero" : "grid");
            svg.text({left_ - 6, at + 4}, Anchor::end, "tick", labels_[i]);
        }
        double free_from = 0;
        for (const DateTick& tick : date_ticks(history_.time, size_.date_ticks)) {
            const double at = x(tick.index), half = 3.9 * columns_of(tick.label);
            svg.line({at, y_.from}, {at, y_.from + 4}, "zero");
            // A label keeps clear of the one before and of both edges.
            const double centre = std::clamp(at, half, size_.width - half);
            if (centre - half < free_from) continue;
            svg.text({centre, y_.from + 18}, Anchor::middle, "tick", tick.label);
            free_from = centre + half + 6;
        }
    }

    // Each unbroken stretch of points held out.
    void shade_holdout(Svg& svg) const {
        const std::size_t n = history_.holdout.size();
        const double half = n > 1 ? (x(1) - x(0)) / 2 : 4;
        for (std::size_t i = 0; i < n; ++i) {
            if (!history_.holdout[i]) continue;
            const std::size_t begin = i;
            while (i + 1 < n && history_.holdout[i + 1]) ++i;
            svg.rect({x(begin) - half, y_.to}, x(i) - x(begin) + 2 * half, y_.from - y_.to, "holdout");
        }
    }

private:
    const ChartSize& size_;
    const History& history_;
    Scale y_;
    std::vector<std::string> labels_;
    double left_ = 24;
};

double finite_extreme(ConstVecRef values, bool largest) {
    double extreme = 0;
    for (const double value : values)
        if (std::isfinite(value)) extreme = largest ? std::max(extreme, value) : std::min(extreme, value);
    return extreme;
}

std::string draw_fit(const ChartSize& size, const History& h, const std::string& kpi) {
    const double low = std::min(finite_extreme(h.actual, false), finite_extreme(h.lower, false));
    const double high =
        std::max(finite_extreme(h.actual, true), std::max(finite_extreme(h.upper, true), finite_extreme(h.mean, true)));
    const TimeFrame frame(size, h, low, high);
    Svg svg(size.width, size.height, "Actual and fitted " + kpi + " over time",
            "Dots: actual values. Line: posterior mean of the model. Band: predictive interval.");
    frame.shade_holdout(svg);
    frame.ground(svg);
    const auto lower = frame.points(h.lower), upper = frame.points(h.upper);
    if (!lower.empty()) svg.path(area_path(upper, lower), "band");
    svg.path(line_path(frame.points(h.mean)), "model");
    const auto actual = frame.points(h.actual);
    const bool crowded = static_cast<double>(actual.size()) > size.width / 3;
    svg.path(dots_path(actual), crowded ? "actual small" : "actual");
    return svg.str(size.css);
}

// The edges of each layer; what is negative is stacked downwards from zero.
struct Edges {
    Vec from, to;
};

std::vector<Edges> stack_edges(const std::vector<Layer>& layers) {
    const Eigen::Index n = layers.front().by_point.size();
    Vec above = Vec::Zero(n), below = Vec::Zero(n);
    std::vector<Edges> all;
    for (const Layer& layer : layers) {
        Edges edges{Vec(n), Vec(n)};
        for (Eigen::Index i = 0; i < n; ++i) {
            double& top = layer.by_point[i] < 0 ? below[i] : above[i];
            edges.from[i] = top;
            edges.to[i] = top += layer.by_point[i];
        }
        all.push_back(std::move(edges));
    }
    return all;
}

// The letter of a layer stands where it is thickest, if it is thick enough there.
void label_layer(Svg& svg, const TimeFrame& frame, const Layer& layer, const Edges& edges) {
    const Eigen::Index n = edges.to.size(), edge = std::min<Eigen::Index>(n / 40 + 1, n / 2);
    Eigen::Index best = n / 2;
    const auto thickness = [&](Eigen::Index i) {
        // One peak is no place for a letter: the thinnest of three neighbours counts.
        double least = INFINITY;
        for (Eigen::Index j = std::max<Eigen::Index>(0, i - 1); j <= std::min(n - 1, i + 1); ++j)
            least = std::min(least, std::fabs(frame.y(edges.to[j]) - frame.y(edges.from[j])));
        return least;
    };
    for (Eigen::Index i = edge; i < n - edge; ++i)
        if (thickness(i) > thickness(best)) best = i;
    if (!(thickness(best) >= 11)) return;
    const double middle = (frame.y(edges.to[best]) + frame.y(edges.from[best])) / 2;
    svg.text({frame.x(static_cast<std::size_t>(best)), middle + 4}, Anchor::middle, "letter", layer.letter);
}

// Means over stretches of points, so that there are at most `most`.
Vec thinned(const Vec& values, Eigen::Index every) {
    Vec means((values.size() + every - 1) / every);
    for (Eigen::Index i = 0; i < means.size(); ++i)
        means[i] = values.segment(i * every, std::min(every, values.size() - i * every)).mean();
    return means;
}

void thin_out(History& h, std::vector<Layer>& layers, Eigen::Index most) {
    const auto n = static_cast<Eigen::Index>(h.time.size()), every = (n + most - 1) / most;
    if (every < 2) return;
    std::vector<Timestamp> time;
    for (Eigen::Index i = 0; i < n; i += every) time.push_back(h.time[static_cast<std::size_t>(i)]);
    h.time = std::move(time);
    for (Layer& layer : layers) layer.by_point = thinned(layer.by_point, every);
}

std::string draw_stack(const ChartSize& size, History h, std::vector<Layer> layers, const std::string& kpi) {
    thin_out(h, layers, size.width < 500 ? most_stacked_narrow : most_stacked_wide);
    const auto edges = stack_edges(layers);
    double low = 0, high = 0;
    for (const Edges& one : edges) {
        low = std::min(low, finite_extreme(one.to, false));
        high = std::max(high, finite_extreme(one.to, true));
    }
    const TimeFrame frame(size, h, low, high);
    Svg svg(size.width, size.height, "What " + kpi + " is made of over time",
            "Stacked areas: the baseline below, on it what each channel added. Letters refer to the key below the "
            "picture.");
    for (std::size_t l = 0; l < layers.size(); ++l)
        svg.path(area_path(frame.points(edges[l].to), frame.points(edges[l].from)), "layer",
                 "url(#fill" + std::to_string(layers[l].style) + ")");
    frame.ground(svg);
    for (std::size_t l = 0; l < layers.size(); ++l) label_layer(svg, frame, layers[l], edges[l]);
    return svg.str(size.css);
}

}  // namespace

std::string fit_picture(const History& history, const std::string& kpi) {
    return draw_fit(wide_chart, history, kpi) + draw_fit(narrow_chart, history, kpi);
}

std::vector<Layer> layers_of(const History& history) {
    std::vector<Layer> layers;
    Layer base{"", "A", 0, 0, Vec::Zero(history.mean.size())};
    std::vector<std::string> inside;
    for (const Part& part : history.parts) {
        const bool below =
            part.kind != Part::Kind::paid && part.kind != Part::Kind::organic && part.kind != Part::Kind::treatment;
        if (!below) {
            layers.push_back({part.name, "", 0, part.total.mean, part.by_point});
            continue;
        }
        base.by_point += part.by_point;
        base.total += part.total.mean;
        inside.push_back(part.kind == Part::Kind::season    ? "season"
                         : part.kind == Part::Kind::control ? "controls"
                                                            : "baseline");
    }
    const auto has = [&](const char* what) { return std::find(inside.begin(), inside.end(), what) != inside.end(); };
    base.name = has("season") && has("controls") ? "Baseline, with season and controls"
                : has("season")                  ? "Baseline, with season"
                : has("controls")                ? "Baseline, with controls"
                                                 : "Baseline";
    std::stable_sort(layers.begin(), layers.end(), [](const Layer& a, const Layer& b) { return a.total > b.total; });
    if (layers.size() > most_layers - 1) {
        Layer others{std::to_string(layers.size() - most_layers + 2) + " smaller ones", "", 0, 0,
                     Vec::Zero(history.mean.size())};
        for (; layers.size() > most_layers - 2; layers.pop_back()) {
            others.total += layers.back().total;
            others.by_point += layers.back().by_point;
        }
        layers.push_back(std::move(others));
    }
    layers.insert(layers.begin(), std::move(base));
    for (std::size_t l = 0; l < layers.size(); ++l) {
        layers[l].style = l;
        layers[l].letter = std::string(1, static_cast<char>('A' + l));
    }
    return layers;
}

std::string stack_picture(const History& history, const std::vector<Layer>& layers, const std::string& kpi) {
    return draw_stack(wide_chart, history, layers, kpi) + draw_stack(narrow_chart, history, layers, kpi);
}

}  // namespace mmm::page
