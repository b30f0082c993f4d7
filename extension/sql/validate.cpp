// mmm_validate: every check of a fit, as rows.
#include "sql/fitting.hpp"

#include "pg/datum.hpp"
#include "pg/interrupts.hpp"
#include "pg/rows.hpp"
#include "pg/settings.hpp"

namespace {

using namespace mmm;

// A specification that does not parse is a finding like the others here. Its message starts with the JSON path.
Finding finding_of(const Error& error) {
    const std::string message = error.what();
    const std::string hint = error.hint().empty() ? error.detail() : error.hint();
    return {"error", "invalid_specification", message.substr(0, message.find(':')), message, hint};
}

std::vector<Finding> findings(Oid relation, const std::string& json) {
    SpecificationPtr spec;
    try {
        spec = sql::read_specification(json);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::invalid_specification) throw;
        return {finding_of(error)};
    }
    Host host;
    host.poll = pg::check_interrupts;
    host.max_memory_bytes = pg::max_memory_bytes();
    host.max_threads = pg::max_threads();
    return validate(*spec, sql::read_relation_for(*spec, relation), host);
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_validate);
Datum mmm_validate(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        for (const Finding& finding : findings(PG_GETARG_OID(0), pg::string_from_jsonb(PG_GETARG_DATUM(1))))
            rows.text(finding.severity)
                .text(finding.code)
                .text(finding.field)
                .text(finding.message)
                .text(finding.hint)
                .end();
        return pg::Rows::done();
    });
}
}
