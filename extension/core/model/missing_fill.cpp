// The table with its gaps filled by rule: rows first, then cells.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "core/model/dataset.hpp"
#include "core/model/missing.hpp"

namespace mmm {

namespace {

constexpr double unknown_cell = std::numeric_limits<double>::quiet_NaN();

bool on_grid(const std::vector<Timestamp>& times, const std::vector<Timestamp>& grid) {
    return std::includes(grid.begin(), grid.end(), times.begin(), times.end());
}

// Times from `first` in steps until `last` is reached; none where that takes more than `most`.
std::vector<Timestamp> grid_from(Timestamp first, Timestamp last, const TimeStep& step, std::size_t most) {
    std::vector<Timestamp> grid;
    for (int n = 0; grid.empty() || grid.back() < last; ++n) {
        if (grid.size() > most) return {};
        grid.push_back(add_steps(first, step, n));
        if (grid.size() > 1 && grid.back() <= grid[grid.size() - 2]) return {};
    }
    return grid;
}

std::optional<TimeStep> smallest_months(const std::vector<Timestamp>& times) {
    // What is nearest a whole number of months; whether the times keep to it is seen on the grid.
    TimeStep least;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const double days = days_since_epoch(times[i] - times[i - 1]);
        const int months = static_cast<int>(std::lround(days / 30.436875));
        if (months > 0 && (least.months == 0 || months < least.months)) least.months = months;
    }
    if (least.months == 0) return std::nullopt;
    least.kind = TimeStep::Kind::months;
    return least;
}

// Every period from the first to the last: multiples of the smallest step seen. None where the times do not fit one.
std::vector<Timestamp> full_grid(const std::vector<Timestamp>& times, std::size_t most) {
    if (times.size() < 2 || detect_step(times).kind != TimeStep::Kind::irregular) return times;
    TimeStep fixed;
    fixed.kind = TimeStep::Kind::fixed;
    fixed.microseconds = times[1] - times[0];
    for (std::size_t i = 2; i < times.size(); ++i) fixed.microseconds = std::min(fixed.microseconds, times[i] - times[i - 1]);
    if (const auto grid = grid_from(times.front(), times.back(), fixed, most); on_grid(times, grid)) return grid;
    auto months = smallest_months(times);
    for (months ? months->day = 31 : 0; months && months->day >= 1; --months->day) {
        // The first time must itself be on the day.
        if (add_steps(times.front(), *months, 0) != times.front()) continue;
        if (const auto grid = grid_from(times.front(), times.back(), *months, most); on_grid(times, grid)) return grid;
    }
    return {};
}

class Filling {
public:
    Filling(const Specification& spec, const Table& table, const Dataset* history, FilledReport& report)
        : spec_(spec), history_(history), report_(report), filled_(table) {}

    Table run() {
        const auto bad = [](auto begin, auto end, auto value) { return std::find(begin, end, value) != end; };
        if (bad(filled_.time_is_null.begin(), filled_.time_is_null.end(), true) || bad(filled_.geo.begin(), filled_.geo.end(), -1))
            return std::move(filled_);
        if (spec_.missing.fill_periods) add_rows();
        sort_rows();
        for (auto& column : filled_.columns)
            if (column.status == ColumnStatus::ok) fill_column(column);
        return std::move(filled_);
    }

private:
    using Cell = std::pair<int, Timestamp>;

    Cell cell(std::size_t row) const { return {filled_.geo.empty() ? 0 : filled_.geo[row], filled_.time[row]}; }

    void add_rows() {
        const std::size_t geos = std::max<std::size_t>(1, filled_.geo_names.size());
        // More made up than measured means that the step is not what it seems.
        const std::size_t most = 2 * filled_.rows() / geos;
        std::vector<Timestamp> times = filled_.time;
        std::sort(times.begin(), times.end());
        times.erase(std::unique(times.begin(), times.end()), times.end());
        if (times.empty()) return;
        const auto grid = history_ == nullptr ? full_grid(times, most)
                                              : grid_from(add_steps(history_->time.back(), history_->step, 1), times.back(), history_->step, most);
        if (!on_grid(times, grid) || grid.size() > most) return;
        std::vector<Cell> present;
        for (std::size_t row = 0; row < filled_.rows(); ++row) present.push_back(cell(row));
        std::sort(present.begin(), present.end());
        if (std::adjacent_find(present.begin(), present.end()) != present.end()) return;
        for (std::size_t g = 0; g < geos; ++g)
            for (const Timestamp time : grid)
                if (const Cell missing{static_cast<int>(g), time}; !std::binary_search(present.begin(), present.end(), missing)) add_row(missing);
    }

    void add_row(const Cell& at) {
        filled_.time.push_back(at.second);
        filled_.time_is_null.push_back(false);
        if (!filled_.geo_column.empty()) filled_.geo.push_back(at.first);
        for (auto& column : filled_.columns) {
            if (column.status != ColumnStatus::ok) continue;
            column.values.push_back(unknown_cell);
            column.is_null.push_back(true);
        }
        if (!filled_.kpi_unknown.empty()) filled_.kpi_unknown.push_back(false);
        ++report_.rows;
    }

    void sort_rows() {
        order_.resize(filled_.rows());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return cell(a) < cell(b); });
    }

    void fill_column(TableColumn& column) {
        const MissingRule rule = rule_of(spec_, column.name);
        if (rule == MissingRule::refuse) return;
        const bool whole = column.name == spec_.population;  // one number for each geo, wherever it stands
        FilledCells filled{column.name, rule, 0};
        const std::vector<double> known = whole ? first_values(column) : std::vector<double>{};
        int geo = -1;
        double last = unknown_cell;
        for (const std::size_t row : order_) {
            if (const int here = cell(row).first; here != geo) {
                geo = here;
                last = whole ? known[static_cast<std::size_t>(geo)] : history_value(column.name, geo);
            }
            if (!column.is_null[row]) {
                last = column.values[row];
                continue;
            }
            const double value = rule == MissingRule::carry ? last : 0;
            if (std::isnan(value)) continue;  // nothing came before it
            column.values[row] = value;
            column.is_null[row] = false;
            if (rule == MissingRule::skip) mark_unknown(row);
            ++filled.cells;
        }
        if (filled.cells > 0) report_.cells.push_back(filled);
    }

    void mark_unknown(std::size_t row) {
        if (filled_.kpi_unknown.empty()) filled_.kpi_unknown.assign(filled_.rows(), false);
        filled_.kpi_unknown[row] = true;
    }

    std::vector<double> first_values(const TableColumn& column) const {
        std::vector<double> first(std::max<std::size_t>(1, filled_.geo_names.size()), unknown_cell);
        for (const std::size_t row : order_) {
            double& value = first[static_cast<std::size_t>(cell(row).first)];
            if (std::isnan(value) && !column.is_null[row]) value = column.values[row];
        }
        return first;
    }

    // The last value of the history, where there is one.
    double history_value(const std::string& column, int geo) const {
        if (history_ == nullptr) return unknown_cell;
        Eigen::Index position = 0;
        if (!history_->geos.empty()) {
            const auto found = std::find(history_->geos.begin(), history_->geos.end(), filled_.geo_names[static_cast<std::size_t>(geo)]);
            if (found == history_->geos.end()) return unknown_cell;
            position = found - history_->geos.begin();
        }
        const Eigen::Index row = (position + 1) * history_->periods() - 1;
        for (std::size_t m = 0; m < spec_.media.size(); ++m) {
            const auto& medium = spec_.media[m];
            const auto k = static_cast<Eigen::Index>(m);
            if (column == medium.reach) return history_->reach(row, k);
            if (column == medium.frequency || column == medium.exposure) return history_->exposure(row, k);
            if (column == medium.spend) return history_->spend(row, k);
        }
        for (std::size_t c = 0; c < spec_.controls.size(); ++c)
            if (column == spec_.controls[c].column) return history_->controls(row, static_cast<Eigen::Index>(c));
        return unknown_cell;
    }

    const Specification& spec_;
    const Dataset* history_;
    FilledReport& report_;
    Table filled_;
    std::vector<std::size_t> order_;
};

}  // namespace

Table fill_missing(const Specification& spec, const Table& table, const Dataset* history, FilledReport& report) {
    return Filling(spec, table, history, report).run();
}

}  // namespace mmm
