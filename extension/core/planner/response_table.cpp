#include "core/planner/response_table.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mmm {

namespace {

constexpr Eigen::Index panel_points = panel_degree + 1;
constexpr std::size_t deepest_split = 12, most_panels = 40;

using PanelWeights = Eigen::Matrix<double, panel_points, 1>;
using PanelMatrix = Eigen::Matrix<double, panel_points, panel_points>;

// Points in [0, 1], increasing.
const PanelWeights& unit_points() {
    static const PanelWeights points = [] {
        PanelWeights x;
        for (Eigen::Index j = 0; j < panel_points; ++j)
            x[j] = (1 - std::cos(std::numbers::pi * static_cast<double>(j) / panel_degree)) / 2;
        return x;
    }();
    return points;
}

double barycentric(Eigen::Index j) {
    return (j % 2 == 0 ? 1 : -1) * (j == 0 || j == panel_degree ? 0.5 : 1.0);
}

// Derivatives at the points of [0, 1] from the values there.
const PanelMatrix& unit_differentiation() {
    static const PanelMatrix matrix = [] {
        PanelMatrix d = PanelMatrix::Zero();
        const PanelWeights& x = unit_points();
        for (Eigen::Index i = 0; i < panel_points; ++i)
            for (Eigen::Index j = 0; j < panel_points; ++j)
                if (i != j) d(i, j) = barycentric(j) / barycentric(i) / (x[i] - x[j]);
        // Rows sum to 0: a constant has no slope, exactly.
        for (Eigen::Index i = 0; i < panel_points; ++i) d(i, i) = -d.row(i).sum();
        return d;
    }();
    return matrix;
}

// The values' weights at u in [0, 1].
PanelWeights lagrange(double u) {
    PanelWeights weights = PanelWeights::Zero();
    const PanelWeights& x = unit_points();
    for (Eigen::Index j = 0; j < panel_points; ++j) {
        const double distance = u - x[j];
        if (distance == 0) {
            weights.setZero();
            weights[j] = 1;
            return weights;
        }
        weights[j] = barycentric(j) / distance;
    }
    return weights / weights.sum();
}

// The panel a spend lies in, and where in it.
struct PanelPlace {
    Eigen::Index first;
    double width, u;
};

PanelPlace place_of(const Vec& nodes, double spend) {
    const Eigen::Index panels = (nodes.size() - 1) / panel_degree;
    Eigen::Index panel = 0;
    while (panel + 1 < panels && spend >= nodes[(panel + 1) * panel_degree]) ++panel;
    const Eigen::Index first = panel * panel_degree;
    const double width = nodes[first + panel_degree] - nodes[first];
    return {first, width, std::clamp((spend - nodes[first]) / width, 0.0, 1.0)};
}

bool panel_fits(const std::function<double(double)>& curve, double lower, double upper, double tolerance, double size) {
    PanelWeights values;
    for (Eigen::Index j = 0; j < panel_points; ++j) values[j] = curve(lower + (upper - lower) * unit_points()[j]);
    // Between the outermost points, where a singularity at the end shows, and near the middle.
    for (const double u : {0.015, 0.45})
        if (std::fabs(lagrange(u).dot(values) - curve(lower + (upper - lower) * u)) > tolerance * size) return false;
    return true;
}

// The table's average over draws.
class TableCurves : public Curves {
public:
    TableCurves(const std::vector<Vec>& nodes, std::vector<Vec> values) : nodes_(nodes), values_(std::move(values)) {
        for (std::size_t cell = 0; cell < nodes_.size(); ++cell) {
            const Eigen::Index panels = (nodes_[cell].size() - 1) / panel_degree;
            slopes_.push_back(Vec::Zero(panels * panel_points));
            for (Eigen::Index p = 0; p < panels; ++p)
                slopes_[cell].segment<panel_points>(p * panel_points) =
                    unit_differentiation() * values_[cell].segment<panel_points>(p * panel_degree) /
                    (nodes_[cell][(p + 1) * panel_degree] - nodes_[cell][p * panel_degree]);
        }
    }

    CurvePoint at(std::size_t cell, double spend) const override {
        if (nodes_[cell].size() == 1) return {values_[cell][0], 0};
        const PanelPlace place = place_of(nodes_[cell], spend);
        const PanelWeights weights = lagrange(place.u);
        return {weights.dot(values_[cell].segment<panel_points>(place.first)),
                weights.dot(slopes_[cell].segment<panel_points>(place.first / panel_degree * panel_points))};
    }

private:
    const std::vector<Vec>& nodes_;
    std::vector<Vec> values_, slopes_;
};

}  // namespace

std::vector<double> find_breaks(const std::function<double(double)>& curve, double lower, double upper,
                                double tolerance) {
    if (!(lower < upper)) return {lower};
    const double size =
        std::max({std::fabs(curve(lower)), std::fabs(curve(upper)), std::fabs(curve((lower + upper) / 2))});
    std::vector<double> breaks = {lower};
    // Right ends still to be reached, the nearest last.
    std::vector<double> ends = {upper};
    while (!ends.empty()) {
        const double from = breaks.back(), to = ends.back();
        if (ends.size() > deepest_split || breaks.size() > most_panels ||
            panel_fits(curve, from, to, tolerance, size)) {
            breaks.push_back(to);
            ends.pop_back();
            continue;
        }
        // Curves change on the scale of the spend itself, fastest near 0.
        ends.push_back(from > 0 ? std::max(std::sqrt(from * to), from + (to - from) / 8) : to / 8);
    }
    return breaks;
}

Vec table_nodes(const std::vector<double>& breaks) {
    const auto panels = static_cast<Eigen::Index>(breaks.size()) - 1;
    Vec nodes(panels * panel_degree + 1);
    nodes[0] = breaks[0];
    for (Eigen::Index p = 0; p < panels; ++p) {
        const double from = breaks[static_cast<std::size_t>(p)], to = breaks[static_cast<std::size_t>(p) + 1];
        for (Eigen::Index j = 1; j < panel_degree; ++j)
            nodes[p * panel_degree + j] = from + (to - from) * unit_points()[j];
        nodes[(p + 1) * panel_degree] = to;
    }
    return nodes;
}

ResponseTable::ResponseTable(std::vector<Vec> nodes, Eigen::Index draws) : nodes_(std::move(nodes)), draws_(draws) {
    for (const Vec& cell : nodes_) values_.push_back(Mat::Zero(draws, cell.size()));
}

void ResponseTable::add_outcome(std::size_t cell, double spend, VecRef total) const {
    if (nodes_[cell].size() == 1) {
        total += values_[cell].col(0);
        return;
    }
    const PanelPlace place = place_of(nodes_[cell], spend);
    total.noalias() += values_[cell].middleCols<panel_points>(place.first) * lagrange(place.u);
}

std::unique_ptr<Curves> ResponseTable::weighted(ConstVecRef weights) const {
    std::vector<Vec> values;
    for (const Mat& cell : values_) values.push_back(cell.transpose() * weights);
    return std::make_unique<TableCurves>(nodes_, std::move(values));
}

}  // namespace mmm
