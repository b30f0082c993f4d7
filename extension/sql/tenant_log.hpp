// Tokens do not stand in logs, in messages, or in pg_stat_activity.
#pragma once

namespace mmm::sql {

void hide_tokens_in_log();  // from _PG_init

// In what pg_stat_activity shows of the running statement.
void hide_token_of_statement();
// Once in a parallel worker, which shows its leader's statement.
void hide_token_of_worker();

}  // namespace mmm::sql
