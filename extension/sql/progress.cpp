// mmm_progress.
#include "pg/progress.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_progress);
Datum mmm_progress(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        for (const pg::RunningChain& row : pg::running_chains()) {
            const std::string phase = phase_name(row.phase);
            rows.integer(row.pid).server_text(row.model).text(phase);
            if (row.chain == 0)
                rows.null().null().null().null();
            else
                rows.integer(row.chain).integer(row.iteration).integer(row.total).integer(row.divergences);
            rows.time_with_zone(row.started_at);
            row.eta ? rows.time_with_zone(*row.eta) : rows.null();
            rows.end();
        }
        return pg::Rows::done();
    });
}
}
