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

std::string medium_path(const Medium& medium) {
    const char* group = medium.kind == MediumKind::treatment ? "treatments."
                        : medium.has_frequency()             ? "reach_frequency."
                        : medium.kind == MediumKind::organic ? "organic_media."
                                                             : "media.";
    return group + medium.name;
}

const Names& effect_kind_names() {
    static const Names names = {"coefficient", "roi", "contribution", "mroi"};
    return names;
}

const Names& geo_effect_names() {
    static const Names names = {"common", "normal", "log_normal"};
    return names;
}

}  // namespace mmm
