#include <cstdio>

#include "sql/tenant_context.hpp"

#include "sql/tenant_keys.hpp"

#include "pg/boundary.hpp"
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
const CarriedTenant* binding_again = nullptr;  // while bind_again() sets the setting
bool defining = false;                         // while the setting is defined: what was set before is not a token of this transaction
const Binding* bound = nullptr;

constexpr double seconds_to_2000 = 946'684'800;  // since 1970

double seconds_of(TimestampTz time) { return static_cast<double>(time) / 1e6 + seconds_to_2000; }

Binding* binding_of(const TenantId& tenant, const std::string& claims, TimestampTz expires, bool worker) {
    auto* binding = static_cast<Binding*>(pg::setting_memory(offsetof(Binding, claims) + claims.size() + 1));
    if (binding == nullptr) throw std::bad_alloc();
    binding->transaction = pg::local_transaction();
    binding->worker = worker;
    binding->expires = expires;
    std::memcpy(binding->tenant.data, tenant.data(), UUID_LEN);
    std::memcpy(binding->claims, claims.c_str(), claims.size() + 1);
    return binding;
}

Binding* binding_of(const Token& token) {
    return binding_of(token.tenant, token.claims, static_cast<TimestampTz>((token.expires - seconds_to_2000) * 1e6), false);
}

// The setting holds "transaction:expires:token", so that parallel workers can tell what the leader is bound to: they count a token
// only if it is of the leader's transaction, until the leader's own time.
struct Kept {
    LocalTransactionId transaction = InvalidLocalTransactionId;
    TimestampTz expires = 0;
    const char* token = nullptr;
};

bool read_kept(const char* text, Kept& kept) {
    unsigned transaction = 0;
    long long expires = 0;
    int length = 0;
    if (std::sscanf(text, "%u:%lld:%n", &transaction, &expires, &length) != 2 || length == 0) return false;
    kept = {transaction, expires, text + length};
    return true;
}

// Replaces what was set; the server frees it.
bool keep(char** value, const char* token, const Binding& binding) {
    constexpr std::size_t most_prefix = 48;
    const std::size_t size = std::strlen(token) + most_prefix;
    auto* text = static_cast<char*>(pg::setting_memory(size));
    if (text == nullptr) return false;
    snprintf(text, size, "%u:%lld:%s", binding.transaction, static_cast<long long>(binding.expires), token);
    pg::free_setting_memory(*value);
    *value = text;
    return true;
}

LocalTransactionId leaders_transaction() {
    return MyProc != nullptr && MyProc->lockGroupLeader != nullptr ? pg::local_transaction_of(MyProc->lockGroupLeader) : InvalidLocalTransactionId;
}

// What is left of an exception for GUC's own report, which is made when nothing with a destructor is alive.
struct Refusal {
    char message[256] = "", hint[256] = "";
};

Binding* verify(const char* text, Refusal& refusal) noexcept {
    try {
        if (binding_again != nullptr) return binding_of(binding_again->tenant, binding_again->claims, DT_NOEND, false);
        return binding_of(verified(text, seconds_of(GetCurrentTimestamp())));
    } catch (const Error& error) {
        strlcpy(refusal.message, error.what(), sizeof refusal.message);
        strlcpy(refusal.hint, error.hint().c_str(), sizeof refusal.hint);
    } catch (...) {
        strlcpy(refusal.message, "token was refused: it could not be verified", sizeof refusal.message);
    }
    return nullptr;
}

// What the leader is bound to; nothing where that is of an earlier transaction, whose setting is left over.
bool check_in_worker(const char* text, void** extra, Refusal& refusal) noexcept {
    try {
        Kept kept;
        if (!read_kept(text, kept) || kept.transaction != leaders_transaction() || !LocalTransactionIdIsValid(kept.transaction)) return true;
        const Token& token = verified_before(kept.token);
        *extra = binding_of(token.tenant, token.claims, kept.expires, true);
        return true;
    } catch (const std::exception& error) {
        strlcpy(refusal.message, error.what(), sizeof refusal.message);
    } catch (...) {
        strlcpy(refusal.message, "token was refused: it could not be verified", sizeof refusal.message);
    }
    return false;
}

// GUC would repeat the value in its own message.
bool check_token(char** value, void** extra, GucSource source) {
    if (*value == nullptr || **value == '\0') return true;
    hide_token_of_statement();
    Refusal refusal;
    if (InitializingParallelWorker) {
        if (check_in_worker(*value, extra, refusal)) return true;
    } else if (source != PGC_S_SESSION || defining) {
        strlcpy(refusal.message, "mmm.token is for SET LOCAL alone", sizeof refusal.message);
        strlcpy(refusal.hint, "Set it inside each transaction; it cannot be kept with a role, a database or a connection.", sizeof refusal.hint);
    } else if (Binding* binding = verify(*value, refusal)) {
        const char* token = binding_again != nullptr ? binding_again->token.c_str() : *value;
        if (keep(value, token, *binding)) {
            *extra = binding;
            return true;
        }
        pg::free_setting_memory(binding);
        strlcpy(refusal.message, "token was refused: out of memory", sizeof refusal.message);
    }
    GUC_check_errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION);
    GUC_check_errmsg("%s", refusal.message);
    if (refusal.hint[0] != '\0') GUC_check_errhint("%s", refusal.hint);
    return false;
}

void assign_token(const char*, void* extra) {
    bound = static_cast<const Binding*>(extra);
}

const char* show_token() { return token_setting != nullptr && *token_setting != '\0' ? "(set)" : ""; }

bool counts(const Binding* binding) {
    if (binding == nullptr) return false;
    if (binding->worker) hide_token_of_worker();
    const bool here = binding->worker || (LocalTransactionIdIsValid(binding->transaction) && binding->transaction == pg::local_transaction());
    return here && GetCurrentStatementStartTimestamp() < binding->expires;
}

}  // namespace

void define_tenant_settings() {
    define_token_settings();
    defining = true;
    DefineCustomStringVariable("mmm.token", "Bearer token whose tenant the transaction is bound to.", "Use SET LOCAL.", &token_setting, "", PGC_USERSET,
                               GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, check_token, assign_token, show_token);
    defining = false;
    hide_tokens_in_log();
}

const pg_uuid_t* bound_tenant() { return counts(bound) ? &bound->tenant : nullptr; }

const char* bound_claims() { return counts(bound) ? bound->claims : nullptr; }

CarriedTenant carry_tenant() {
    CarriedTenant carried;
    if (!counts(bound)) return carried;
    Kept kept;
    if (!read_kept(token_setting, kept)) return carried;
    carried.token = kept.token;
    carried.claims = bound->claims;
    std::memcpy(carried.tenant.data(), bound->tenant.data, UUID_LEN);
    return carried;
}

void bind_again(const CarriedTenant& carried) {
    if (carried.token.empty()) return;
    const char* text = carried.token.c_str();
    binding_again = &carried;
    try {
        pg::guarded([&] { bind_token(text); });
    } catch (...) {
        binding_again = nullptr;
        throw;
    }
    binding_again = nullptr;
}

void bind_token(const char* token) {
    set_config_option("mmm.token", token, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_LOCAL, true, 0, false);
}

}  // namespace mmm::sql
