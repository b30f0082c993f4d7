// The models that benchmarks time: the public data sets with their peers' default models where the files are there, and one
// simulated model for every family.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/model/posterior.hpp"
#include "support/tables.hpp"

namespace mmm::bench {

struct Model {
    std::string name, spec;
    std::string file;  // under ../shared; empty: simulated
};

// Meridian's default model of its demonstration panel, PyMC-Marketing's of its example, and the same simulated.
const std::vector<Model>& peers_models();
// One of each family (test/core/recovery).
std::vector<Model> every_model();

// Nothing where the file is not there.
std::optional<Table> table_of(const Model& model);

struct Prepared {
    FittedModel model;
    PosteriorData data;
};
Prepared prepare(const Model& model, const Table& table);

// Multiply-adds of one gradient, by the formulas of docs/performance.md.
double multiply_adds(const PosteriorData& data);

}  // namespace mmm::bench
