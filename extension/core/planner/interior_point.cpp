#include "core/planner/interior_point.hpp"

#include <algorithm>
#include <cmath>

#include "core/limits.hpp"

namespace mmm {

namespace {

constexpr int most_iterations = 150;
constexpr double target_gap = 1e-13, target_residual = 1e-11;

// A diagonal matrix plus dense blocks along the diagonal from the first variable on: solves with it.
class BlockDiagonal {
public:
    BlockDiagonal(const std::vector<Mat>& blocks, const Vec& diagonal) : inverse_(diagonal.cwiseInverse()) {
        Eigen::Index begin = 0;
        for (const Mat& block : blocks) {
            const Eigen::Index n = block.rows();
            if (n == 0) continue;
            factors_.emplace_back(block + Mat(diagonal.segment(begin, n).asDiagonal()));
            begin += n;
        }
    }

    Mat solve(const Mat& right) const {
        Mat x = inverse_.asDiagonal() * right;
        Eigen::Index begin = 0;
        for (const auto& factor : factors_) {
            x.middleRows(begin, factor.rows()) = factor.solve(right.middleRows(begin, factor.rows()));
            begin += factor.rows();
        }
        return x;
    }

private:
    Vec inverse_;
    std::vector<Eigen::LLT<Mat>> factors_;
};

class InteriorPoint {
public:
    explicit InteriorPoint(const BoxProgram& program) : p_(program), n_(program.lower.size()) {
        z_.resize(n_);
        for (Eigen::Index i = 0; i < n_; ++i) z_[i] = start(i);
        y_ = Vec::Zero(p_.rows.rows());
        below_ = above_ = Vec::Zero(n_);
        for (Eigen::Index i = 0; i < n_; ++i) {
            if (std::isfinite(p_.lower[i])) below_[i] = 1 / (z_[i] - p_.lower[i]);
            if (std::isfinite(p_.upper[i])) above_[i] = 1 / (p_.upper[i] - z_[i]);
        }
        gradient_ = hessian_ = Vec::Zero(n_);
    }

    BoxSolution solve(const Poll& poll) {
        double merit = residuals();
        for (int iteration = 0; iteration < most_iterations; ++iteration) {
            poll();
            if (gap_ < target_gap && merit < target_residual) break;
            direction(centring_ * gap_);
            // Where the rows leave a single point, rounding ends the way to it; meeting the rows exactly is the
            // caller's.
            if (!dz_.allFinite() || !dy_.allFinite() || !d_below_.allFinite() || !d_above_.allFinite()) break;
            merit = advance(merit);
            if (!std::isfinite(merit)) break;
        }
        return {z_, y_, primal_.size() > 0 ? primal_.cwiseAbs().maxCoeff() : 0, gap_};
    }

private:
    double start(Eigen::Index i) const {
        const double lower = p_.lower[i], upper = p_.upper[i];
        const bool above = std::isfinite(lower), below = std::isfinite(upper);
        const double middle = !above ? upper - 1 : below ? lower + (upper - lower) / 2 : lower + 1;
        if (p_.start.size() == 0) return middle;
        const double least = above ? lower + 1e-3 * (middle - lower) : -infinity;
        return std::clamp(p_.start[i], least, below ? upper - 1e-3 * (upper - middle) : infinity);
    }

    // Distances to the bounds; infinity where there is none, so that terms with them vanish.
    double room_below(Eigen::Index i) const { return z_[i] - p_.lower[i]; }
    double room_above(Eigen::Index i) const { return p_.upper[i] - z_[i]; }

    // Largest dual or primal residual; sets the mean complementarity.
    double residuals() {
        p_.derivatives(z_, gradient_, hessian_);
        Eigen::Index begin = 0;
        for (const Mat& block : p_.coupling) {
            gradient_.segment(begin, block.rows()) += block * z_.segment(begin, block.rows());
            begin += block.rows();
        }
        dual_ = gradient_ + p_.rows.transpose() * y_ - below_ + above_;
        primal_ = p_.rows * z_ - p_.rhs;
        double sum = 0, count = 0;
        for (Eigen::Index i = 0; i < n_; ++i) {
            if (std::isfinite(p_.lower[i])) sum += below_[i] * room_below(i), ++count;
            if (std::isfinite(p_.upper[i])) sum += above_[i] * room_above(i), ++count;
        }
        gap_ = sum / std::max(count, 1.0);
        const double dual = (dual_.array().abs() / (1 + gradient_.array().abs())).maxCoeff();
        return std::max(dual, primal_.size() > 0 ? primal_.cwiseAbs().maxCoeff() : 0.0);
    }

    void direction(double mu) {
        Vec diagonal = hessian_, right = -dual_;
        for (Eigen::Index i = 0; i < n_; ++i) {
            diagonal[i] += below_[i] / room_below(i) + above_[i] / room_above(i);
            right[i] += mu / room_below(i) - below_[i] - mu / room_above(i) + above_[i];
        }
        const BlockDiagonal hessian(p_.coupling, diagonal);
        // Rows may repeat each other: of the steps that do equally well, the shortest.
        const Mat normal = p_.rows * hessian.solve(p_.rows.transpose());
        if (normal.size() > 0)
            dy_ = normal.completeOrthogonalDecomposition().solve(p_.rows * hessian.solve(right) + primal_);
        else
            dy_.resize(0);
        dz_ = hessian.solve(right - p_.rows.transpose() * dy_);
        d_below_.resize(n_), d_above_.resize(n_);
        for (Eigen::Index i = 0; i < n_; ++i) {
            d_below_[i] = std::isfinite(p_.lower[i]) ? (mu - below_[i] * dz_[i]) / room_below(i) - below_[i] : 0;
            d_above_[i] = std::isfinite(p_.upper[i]) ? (mu + above_[i] * dz_[i]) / room_above(i) - above_[i] : 0;
        }
    }

    // The longest step that stays inside.
    double longest() const {
        double step = 1;
        const auto keep = [&step](double room, double change) {
            if (change < 0 && std::isfinite(room)) step = std::min(step, 0.995 * room / -change);
        };
        for (Eigen::Index i = 0; i < n_; ++i) {
            keep(room_below(i), dz_[i]);
            keep(room_above(i), -dz_[i]);
            if (below_[i] > 0) keep(below_[i], d_below_[i]);
            if (above_[i] > 0) keep(above_[i], d_above_[i]);
        }
        return step;
    }

    void move(double step) {
        z_ += step * dz_;
        y_ += step * dy_;
        below_ += step * d_below_;
        above_ += step * d_above_;
    }

    // A few shorter steps while the residuals of a strongly curved objective grow; more would stall far from the
    // optimum.
    double advance(double before) {
        double step = longest();
        const double gap = gap_;
        move(step);
        double after = residuals();
        for (int half = 0; half < 3 && !(after <= std::max(before, 10 * gap)); ++half) {
            move(-step / 2);
            step /= 2;
            after = residuals();
        }
        centring_ = step > 0.9 ? 0.05 : step > 0.5 ? 0.2 : 0.6;
        return after;
    }

    const BoxProgram& p_;
    Eigen::Index n_;
    Vec z_, y_, below_, above_;
    Vec gradient_, hessian_, dual_, primal_;
    Vec dz_, dy_, d_below_, d_above_;
    double gap_ = 1, centring_ = 0.2;
};

}  // namespace

BoxSolution solve_box_program(const BoxProgram& program, const Poll& poll) {
    return InteriorPoint(program).solve(poll);
}

}  // namespace mmm
