#include "core/model/abreast.hpp"

#include <algorithm>

namespace mmm {

namespace {

constexpr Eigen::Index fewest_geos = 5;  // below, most of the lanes would work for nothing
constexpr Eigen::Index fewest_decaying_lags = 5;  // below, sums over lags are as quick

// By geo, period by period -> eight geos abreast, with `before` periods of nothing before each eight.
Vec abreast(ConstVecRef by_geo, Eigen::Index geos, Eigen::Index periods, Eigen::Index before) {
    const Eigen::Index groups = (geos + geos_abreast - 1) / geos_abreast, rows = (before + periods) * geos_abreast;
    Vec out = Vec::Zero(groups * rows);
    for (Eigen::Index g = 0; g < geos; ++g)
        for (Eigen::Index t = 0; t < periods; ++t)
            out[g / geos_abreast * rows + (before + t) * geos_abreast + g % geos_abreast] = by_geo[g * periods + t];
    return out;
}

bool is_suited(const Medium& medium, const MediumPosition& position, bool varies) {
    return !varies && !position.transforms_by_geo() && !medium.saturation_first && !medium.has_frequency() && !has_alternative(medium);
}

}  // namespace

AbreastPanel make_abreast_panel(const Specification& spec, const Layout& layout, const Design& design) {
    AbreastPanel panel;
    panel.geos = design.n_geos;
    panel.periods = design.n_periods;
    if (panel.geos < fewest_geos) return panel;
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const Medium& medium = spec.media[m];
        if (!is_suited(medium, layout.media[m], layout.media_variation[m] >= 0)) continue;
        AbreastPanel::Column column;
        column.medium = m;
        column.before = std::min<Eigen::Index>(medium.adstock.form.max_lag, panel.periods - 1);
        column.exposure = abreast(design.media.col(static_cast<Eigen::Index>(m)), panel.geos, panel.periods, column.before);
        column.counts = medium.effect == EffectKind::coefficient     ? &AbreastPanel::ones
                        : medium.effect == EffectKind::contribution ? &AbreastPanel::fitted_revenue
                                                                    : &AbreastPanel::revenue;
        panel.columns.push_back(std::move(column));
    }
    if (panel.columns.empty()) return panel;
    panel.ones = abreast(Vec::Ones(design.rows()), panel.geos, panel.periods, 0);
    panel.revenue = abreast(design.revenue, panel.geos, panel.periods, 0);
    panel.fitted_revenue = abreast(design.fitted_revenue, panel.geos, panel.periods, 0);
    return panel;
}

AbreastMedia::AbreastMedia(const AbreastPanel& panel, const Specification& spec, const Layout& layout, const StopFlag* stop)
    : panel_(&panel), kernels_(&kernels()), stop_(stop), place_(spec.media.size(), -1) {
    Eigen::Index most_lags = 0;
    for (std::size_t i = 0; i < panel.columns.size(); ++i) {
        const std::size_t m = panel.columns[i].medium;
        const Medium& medium = spec.media[m];
        Tape tape;
        tape.index = i;
        tape.medium = &medium;
        tape.position = layout.media[m];
        const int n_adstock = adstock_parameter_count(medium.adstock.form.family);
        for (int p = 0; p < n_adstock; ++p)
            if (!medium.adstock.priors[static_cast<std::size_t>(p)].is_fixed()) tape.moving.push_back(p);
        const int n_saturation = saturation_parameter_count(medium.saturation.family);
        for (int p = 0; p < n_saturation; ++p)
            if (!medium.saturation.priors[static_cast<std::size_t>(p)].is_fixed()) tape.slopes = p + 1;
        tape.steady = tape.moving.empty() && tape.slopes == 0;
        const Eigen::Index lags = panel.columns[i].before + 1;
        tape.decays = medium.adstock.form.family == AdstockFamily::geometric && lags >= fewest_decaying_lags;
        most_lags = std::max(most_lags, lags);
        const auto derivatives = static_cast<Eigen::Index>(tape.moving.size()) + tape.slopes;
        tape.weights = Mat::Zero(medium.adstock.form.max_lag + 1, 1 + max_adstock_parameters);
        tape.derivatives = Mat::Zero(panel.rows(), derivatives);
        tape.counted = tape.by_mean = Mat::Zero((1 + derivatives) * geos_abreast, panel.groups());
        tape.outcome = tape.coefficient = tape.d_by_geo = Vec::Zero(panel.geos);
        place_[m] = static_cast<int>(media_.size());
        media_.push_back(std::move(tape));
    }
    if (media_.empty()) return;
    responses_ = Mat::Zero(panel.rows(), static_cast<Eigen::Index>(media_.size()));
    abreast_ = Vec::Zero(panel.group_rows());
    factors_ = Mat::Zero(geos_abreast, static_cast<Eigen::Index>(media_.size()));
    ends_ = Vec::Zero(2 * geos_abreast * most_lags);
}

void AbreastMedia::set_parameters(Tape& tape, ConstVecRef parameters) const {
    std::array<double, max_adstock_parameters> adstock{};
    for (std::size_t p = 0; p < adstock.size(); ++p)
        if (static_cast<int>(p) < adstock_parameter_count(tape.medium->adstock.form.family))
            adstock[p] = parameters[tape.position.adstock[p].first];
    AdstockForm form = tape.medium->adstock.form;
    form.normalize = form.normalize && !tape.decays;
    auto derivatives = tape.weights.rightCols(max_adstock_parameters);
    adstock_weights(form, adstock.data(), tape.weights.col(0), derivatives);
    if (tape.decays) {
        const bool normalize = tape.medium->adstock.form.normalize;
        tape.alpha = adstock[0];
        tape.scale = normalize ? 1 / tape.weights.col(0).sum() : 1;
        tape.d_scale = normalize ? -tape.scale * tape.scale * derivatives.col(0).sum() : 0;
    } else {
        // The first lags as far as there are periods, one column after another.
        for (std::size_t i = 0; i < tape.moving.size(); ++i)
            if (tape.moving[i] != static_cast<int>(i)) derivatives.col(static_cast<Eigen::Index>(i)) = derivatives.col(tape.moving[i]);
    }
    const int n_saturation = saturation_parameter_count(tape.medium->saturation.family);
    tape.curve = saturation_curve(tape.medium->saturation.family, n_saturation > 0 ? parameters[tape.position.saturation[0].first] : 0,
                                  n_saturation > 1 ? parameters[tape.position.saturation[1].first] : 0, tape.slopes < 2, *kernels_);
}

double* AbreastMedia::response_of(const Tape& tape, Eigen::Index group) {
    return responses_.col(static_cast<Eigen::Index>(tape.index)).data() + group * panel_->group_rows();
}

void AbreastMedia::carry_over(Tape& tape, Eigen::Index group) {
    const AbreastPanel::Column& column = panel_->columns[tape.index];
    const Eigen::Index lags = column.before + 1;
    const double* x = column.exposure.data() + group * (column.before + panel_->periods) * geos_abreast + column.before * geos_abreast;
    double* derivatives = tape.derivatives.data() + group * panel_->group_rows();
    if (tape.decays)
        kernels_->decay_abreast(x, panel_->periods, tape.alpha, tape.weights.col(0).data(), tape.weights.col(1).data(), lags, tape.scale,
                                tape.d_scale, ends_.data(), response_of(tape, group), tape.moving.empty() ? nullptr : derivatives);
    else
        kernels_->carry_over_abreast(x, panel_->periods, tape.weights.data(), tape.weights.rows(), lags, 1 + static_cast<int>(tape.moving.size()),
                                     response_of(tape, group), derivatives, tape.derivatives.rows());
}

// Response and derivatives times d f / d mean, which is abreast.
void AbreastMedia::sum_up(Tape& tape, Eigen::Index group) {
    kernel_of(tape).sum(panel_->periods, tape.curve.a, tape.curve.b, response_of(tape, group),
                        tape.derivatives.data() + group * panel_->group_rows(), tape.derivatives.rows(), abreast_.data(),
                        tape.by_mean.col(group).data());
}

const AbreastKernel& AbreastMedia::kernel_of(const Tape& tape) { return tape.curve.kernel->abreast[tape.moving.size()][static_cast<std::size_t>(tape.slopes)]; }

void AbreastMedia::forward(std::size_t medium, ConstVecRef parameters) {
    Tape& tape = at(medium);
    if (tape.known) return;
    set_parameters(tape, parameters);
    const double* counts = (panel_->*panel_->columns[tape.index].counts).data();
    for (Eigen::Index group = 0; group < panel_->groups(); ++group) {
        stop_if_asked(stop_);
        carry_over(tape, group);
        const Eigen::Index first = group * panel_->group_rows();
        kernel_of(tape).respond(panel_->periods, tape.curve.a, tape.curve.b, response_of(tape, group), tape.derivatives.data() + first,
                                tape.derivatives.rows(), counts + first, tape.counted.col(group).data());
    }
    for (Eigen::Index g = 0; g < panel_->geos; ++g) tape.outcome[g] = tape.counted(g % geos_abreast, g / geos_abreast);
    tape.known = tape.steady;
}

void AbreastMedia::set_coefficient(std::size_t medium, ConstVecRef by_geo) { at(medium).coefficient = by_geo; }

void AbreastMedia::add_to(VecRef mean) {
    const Eigen::Index periods = panel_->periods;
    for (Eigen::Index group = 0; group < panel_->groups(); ++group) {
        const Eigen::Index first = group * geos_abreast, geos = std::min(geos_abreast, panel_->geos - first);
        for (std::size_t i = 0; i < media_.size(); ++i)
            factors_.col(static_cast<Eigen::Index>(i)).head(geos) = media_[i].coefficient.segment(first, geos);
        factors_.bottomRows(geos_abreast - geos).setZero();
        kernels_->multiply_abreast(responses_.data() + group * panel_->group_rows(), responses_.rows(), responses_.cols(), factors_.data(), periods,
                                   abreast_.data());
        kernels_->add_lanes_to_geos(abreast_.data(), periods, geos, mean.data() + first * periods, periods);
    }
}

void AbreastMedia::reverse(ConstVecRef d_mean) {
    const Eigen::Index periods = panel_->periods;
    for (Eigen::Index group = 0; group < panel_->groups(); ++group) {
        stop_if_asked(stop_);
        const Eigen::Index first = group * geos_abreast, geos = std::min(geos_abreast, panel_->geos - first);
        kernels_->geos_to_lanes(d_mean.data() + first * periods, periods, geos, periods, abreast_.data());
        for (Tape& tape : media_) {
            sum_up(tape, group);
            tape.d_by_geo.segment(first, geos) = tape.by_mean.col(group).head(geos);
        }
    }
}

void AbreastMedia::reverse_medium(std::size_t medium, ConstVecRef d_outcome, VecRef d_parameters) const {
    const Tape& tape = at(medium);
    Eigen::Index row = geos_abreast;  // of the next derivative's sums
    const auto next = [&] {
        double sum = 0;
        for (Eigen::Index g = 0; g < panel_->geos; ++g) {
            const Eigen::Index lane = g % geos_abreast, group = g / geos_abreast;
            sum += tape.coefficient[g] * tape.by_mean(row + lane, group) + d_outcome[g] * tape.counted(row + lane, group);
        }
        row += geos_abreast;
        return sum;
    };
    for (const int p : tape.moving) d_parameters[tape.position.adstock[static_cast<std::size_t>(p)].first] += next();
    for (int p = 0; p < tape.slopes; ++p)
        d_parameters[tape.position.saturation[static_cast<std::size_t>(p)].first] += next() * (p == 0 ? tape.curve.a_by_first : 1);
}

}  // namespace mmm
