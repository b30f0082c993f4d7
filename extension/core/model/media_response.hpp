// One medium's response in every row of a panel, with adstock and saturation common to all geos or of each geo.
#pragma once

#include <vector>

#include "core/model/media_effect.hpp"
#include "core/model/parameters.hpp"

namespace mmm {

class MediaResponse {
public:
    MediaResponse(const Medium& medium, const MediumPosition& position, Eigen::Index geos, Eigen::Index periods,
                  const StopFlag* stop = nullptr, Gradient gradient = Gradient::wanted);

    // `x`: exposure of every row, or frequency with its `reach` (no elements otherwise).
    void forward(ConstVecRef x, ConstVecRef reach, ConstVecRef parameters);
    // After forward() with the same arguments: adds the gradient of adstock and saturation parameters that are not known.
    void reverse(ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, VecRef d_parameters);

    const Vec& value() const { return tapes_.size() == 1 ? tapes_[0].response : value_; }
    const MediumTape& tape(Eigen::Index geo) const { return tapes_[tapes_.size() == 1 ? 0 : static_cast<std::size_t>(geo)]; }

private:
    void gather(ConstVecRef parameters, Eigen::Index geo);

    const Medium* medium_;
    MediumPosition position_;
    int n_adstock_, n_saturation_;
    std::vector<MediumTape> tapes_;  // one, or one a geo where parameters are by geo
    Vec value_;
    std::array<double, max_adstock_parameters> adstock_{}, d_adstock_{};
    std::array<double, max_saturation_parameters> saturation_{}, d_saturation_{};
};

}  // namespace mmm
