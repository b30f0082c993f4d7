// Checks of single columns: what stands in a cell. Checks of how columns relate are in dataset.cpp.
#pragma once

#include <string>
#include <vector>

#include "core/model/finding.hpp"
#include "core/model/table.hpp"

namespace mmm {

enum class Range { any, not_negative, positive };

// Collects findings about one table.
class ColumnChecks {
public:
    ColumnChecks(const Table& table, std::vector<Finding>& findings) : table_(table), findings_(findings) {}

    // The column by name, nullptr (and a finding) where it cannot be used. `field` is the path in the specification.
    const TableColumn* use(const std::string& name, const std::string& field, Range range, const std::string& null_hint);
    void check_time();
    void check_geo();  // of a panel
    void add(const std::string& severity, const std::string& code, const std::string& field, const std::string& message,
             const std::string& hint = {});
    std::string time_at(std::size_t row) const;

private:
    void check_cells(const TableColumn& column, const std::string& field, Range range, const std::string& null_hint);
    const Table& table_;
    std::vector<Finding>& findings_;
};

}  // namespace mmm
