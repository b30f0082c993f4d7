#include "sql/tenant_context.hpp"

#include "sql/tenant_keys.hpp"

#include "pg/compat.hpp"

#include "sql/tenant_log.hpp"

namespace mmm::sql {

namespace {

// What a verified token says, in one block that belongs to the setting.
struct Binding {
    LocalTransactionId transaction;  // counts in this one
    bool worker;                     // or as long as the parallel worker lives
    TimestampTz expires;
    pg_uuid_t tenant;
    char claims[1];  // and as many behind it as there are
};

char* token_setting = nullptr;
const Binding* bound = nullptr;
pg_uuid_t tenant_of_bound;  // static: a value in a row may outlive the binding

constexpr double seconds_to_2000 = 946'684'800;  // since 1970

double seconds_of(TimestampTz time) { return static_cast<double>(time) / 1e6 + seconds_to_2000; }

Binding* binding_of(const Token& token, bool worker) {
    auto* binding = static_cast<Binding*>(pg::setting_memory(offsetof(Binding, claims) + token.claims.size() + 1));
    if (binding == nullptr) throw std::bad_alloc();
    binding->transaction = pg::local_transaction();
    binding->worker = worker;
    binding->expires = static_cast<TimestampTz>((token.expires - seconds_to_2000) * 1e6);
    std::memcpy(binding->tenant.data, token.tenant.data(), UUID_LEN);
    std::memcpy(binding->claims, token.claims.c_str(), token.claims.size() + 1);
    return binding;
}

// What is left of an exception for GUC's own report, which is made when nothing with a destructor is alive.
struct Refusal {
    char message[256] = "", hint[256] = "";
};

Binding* verify(const char* text, Refusal& refusal) noexcept {
    try {
        if (InitializingParallelWorker) return binding_of(verified_before(text), true);
        return binding_of(verified(text, seconds_of(GetCurrentTimestamp())), false);
    } catch (const Error& error) {
        strlcpy(refusal.message, error.what(), sizeof refusal.message);
        strlcpy(refusal.hint, error.hint().c_str(), sizeof refusal.hint);
    } catch (...) {
        strlcpy(refusal.message, "token was refused: it could not be verified", sizeof refusal.message);
    }
    return nullptr;
}

// GUC would repeat the value in its own message.
bool check_token(char** value, void** extra, GucSource source) {
    if (*value == nullptr || **value == '\0') return true;
    hide_token_of_statement();
    Refusal refusal;
    if (source != PGC_S_SESSION && !InitializingParallelWorker) {
        strlcpy(refusal.message, "mmm.token is for SET LOCAL alone", sizeof refusal.message);
        strlcpy(refusal.hint, "Set it inside each transaction; it cannot be kept with a role, a database or a connection.", sizeof refusal.hint);
    } else if (Binding* binding = verify(*value, refusal)) {
        *extra = binding;
        return true;
    }
    GUC_check_errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION);
    GUC_check_errmsg("%s", refusal.message);
    if (refusal.hint[0] != '\0') GUC_check_errhint("%s", refusal.hint);
    return false;
}

void assign_token(const char*, void* extra) {
    bound = static_cast<const Binding*>(extra);
    if (bound != nullptr) tenant_of_bound = bound->tenant;
}

const char* show_token() { return token_setting != nullptr && *token_setting != '\0' ? "(set)" : ""; }

bool counts(const Binding* binding) {
    if (binding == nullptr) return false;
    const bool here = binding->worker || (LocalTransactionIdIsValid(binding->transaction) && binding->transaction == pg::local_transaction());
    return here && GetCurrentStatementStartTimestamp() < binding->expires;
}

}  // namespace

void define_tenant_settings() {
    define_token_settings();
    DefineCustomStringVariable("mmm.token", "Bearer token whose tenant the transaction is bound to.", "Use SET LOCAL.", &token_setting, "", PGC_USERSET,
                               GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_token, assign_token, show_token);
    hide_tokens_in_log();
}

const pg_uuid_t* bound_tenant() { return counts(bound) ? &tenant_of_bound : nullptr; }

const char* bound_claims() { return counts(bound) ? bound->claims : nullptr; }

void bind_token(const char* token) {
    set_config_option("mmm.token", token, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

}  // namespace mmm::sql
