#include "core/model/media_response.hpp"

namespace mmm {

namespace {

// The rows of one geo of a column that may have none.
auto rows_of(ConstVecRef column, Eigen::Index geo, Eigen::Index periods) {
    return column.segment(column.size() == 0 ? 0 : geo * periods, column.size() == 0 ? 0 : periods);
}

}  // namespace

MediaResponse::MediaResponse(const Medium& medium, const MediumPosition& position, Eigen::Index geos, Eigen::Index periods,
                             const StopFlag* stop, Gradient gradient)
    : medium_(&medium),
      position_(position),
      n_adstock_(adstock_parameter_count(medium.adstock.form.family)),
      n_saturation_(saturation_parameter_count(medium.saturation.family)) {
    const bool by_geo = position.transforms_by_geo();
    for (Eigen::Index g = 0; g < (by_geo ? geos : 1); ++g) {
        tapes_.emplace_back(medium, by_geo ? periods : geos * periods, periods, gradient);
        tapes_.back().stop = stop;
    }
    if (by_geo) value_ = Vec::Zero(geos * periods);
}

void MediaResponse::gather(ConstVecRef parameters, Eigen::Index geo) {
    for (int i = 0; i < n_adstock_; ++i) adstock_[static_cast<std::size_t>(i)] = parameters[position_.adstock[static_cast<std::size_t>(i)].at(geo)];
    for (int i = 0; i < n_saturation_; ++i)
        saturation_[static_cast<std::size_t>(i)] = parameters[position_.saturation[static_cast<std::size_t>(i)].at(geo)];
}

void MediaResponse::forward(ConstVecRef x, ConstVecRef reach, ConstVecRef parameters) {
    if (tapes_.size() == 1) {
        gather(parameters, 0);
        media_forward(*medium_, x, reach, adstock_.data(), saturation_.data(), tapes_[0]);
        return;
    }
    for (std::size_t g = 0; g < tapes_.size(); ++g) {
        const auto geo = static_cast<Eigen::Index>(g);
        MediumTape& tape = tapes_[g];
        gather(parameters, geo);
        media_forward(*medium_, rows_of(x, geo, tape.periods), rows_of(reach, geo, tape.periods), adstock_.data(),
                      saturation_.data(), tape);
        value_.segment(geo * tape.periods, tape.periods) = tape.response;
    }
}

void MediaResponse::reverse(ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, VecRef d_parameters) {
    for (std::size_t g = 0; g < tapes_.size(); ++g) {
        const auto geo = static_cast<Eigen::Index>(g);
        MediumTape& tape = tapes_[g];
        d_adstock_.fill(0);
        d_saturation_.fill(0);
        if (tapes_.size() == 1) media_reverse(*medium_, x, reach, d_response, tape, d_adstock_.data(), d_saturation_.data());
        else
            media_reverse(*medium_, rows_of(x, geo, tape.periods), rows_of(reach, geo, tape.periods),
                          d_response.segment(geo * tape.periods, tape.periods), tape, d_adstock_.data(), d_saturation_.data());
        for (int i = 0; i < n_adstock_; ++i)
            d_parameters[position_.adstock[static_cast<std::size_t>(i)].at(geo)] += d_adstock_[static_cast<std::size_t>(i)];
        for (int i = 0; i < n_saturation_; ++i)
            d_parameters[position_.saturation[static_cast<std::size_t>(i)].at(geo)] += d_saturation_[static_cast<std::size_t>(i)];
    }
}

}  // namespace mmm
