#include "sql/tenant_log.hpp"

#include "core/token/redaction.hpp"

#include "pg/pg.hpp"

namespace mmm::sql {

namespace {

emit_log_hook_type next_hook = nullptr;

// Every text of a report that may repeat a statement or its parameters, before it goes to the log and to the client.
void hide_in_report(ErrorData* report) {
    for (char* text : {report->message, report->detail, report->detail_log, report->hint, report->context, report->internalquery})
        if (text != nullptr) {
            redact_tokens(text);
            redact_secrets(text);
        }
    if (debug_query_string != nullptr && (holds_token(debug_query_string) || holds_secret(debug_query_string))) report->hide_stmt = true;
    if (next_hook != nullptr) next_hook(report);
}

}  // namespace

void hide_tokens_in_log() {
    next_hook = emit_log_hook;
    emit_log_hook = hide_in_report;
}

void hide_token_of_worker() {
    static bool hidden = false;
    if (hidden) return;
    hidden = true;
    hide_token_of_statement();
}

void hide_token_of_statement() {
    if (debug_query_string == nullptr || !holds_token(debug_query_string)) return;
    char* shown = pstrdup(debug_query_string);
    redact_tokens(shown);
    pgstat_report_activity(STATE_RUNNING, shown);
    pfree(shown);
}

}  // namespace mmm::sql
