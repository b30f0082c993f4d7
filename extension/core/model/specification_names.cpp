#include "core/model/specification.hpp"

namespace mmm {

using Names = std::vector<std::string>;

const Names& adstock_family_names() {
    static const Names names = {"none", "geometric", "delayed", "binomial", "weibull_cdf", "weibull_pdf"};
    return names;
}

const Names& saturation_family_names() {
    static const Names names = {"none", "hill", "logistic", "inverse_scaled_logistic",
                                "tanh", "michaelis_menten", "root", "log"};
    return names;
}

const Names& adstock_parameter_names(AdstockFamily family) {
    static const Names none = {}, alpha = {"alpha"}, delayed = {"alpha", "theta"}, weibull = {"shape", "scale"};
    switch (family) {
        case AdstockFamily::none: return none;
        case AdstockFamily::geometric:
        case AdstockFamily::binomial: return alpha;
        case AdstockFamily::delayed: return delayed;
        default: return weibull;
    }
}

const Names& saturation_parameter_names(SaturationFamily family) {
    static const Names none = {}, hill = {"half", "slope"}, rate = {"rate"}, half = {"half"}, scale = {"scale"},
                       power = {"power"};
    switch (family) {
        case SaturationFamily::hill: return hill;
        case SaturationFamily::logistic: return rate;
        case SaturationFamily::inverse_scaled_logistic:
        case SaturationFamily::michaelis_menten: return half;
        case SaturationFamily::tanh: return scale;
        case SaturationFamily::root: return power;
        default: return none;
    }
}

std::string medium_path(const Medium& medium) { return (medium.paid ? "media." : "organic_media.") + medium.name; }

const Names& effect_kind_names() {
    static const Names names = {"coefficient", "roi", "contribution"};
    return names;
}

}  // namespace mmm
