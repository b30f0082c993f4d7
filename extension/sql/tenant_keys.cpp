#include <fstream>
#include <sstream>
#include <unordered_map>

#include <sys/stat.h>

#include "sql/tenant_keys.hpp"

#include "pg/pg.hpp"

namespace mmm::sql {

namespace {

constexpr std::size_t most_remembered = 256;
constexpr std::size_t most_file_bytes = 1 << 20;
constexpr int most_leeway = 30, most_age = 10 * 366 * 86400;

char *jwks = nullptr, *jwks_file = nullptr, *issuer = nullptr, *audience = nullptr, *tenant_claim = nullptr;
int leeway = 5, max_age = 0;
bool loaded_with_server = false;  // by shared_preload_libraries: no session is without the library

// What tokens were verified against: any change makes all that is remembered worthless.
struct Verifier {
    KeySet keys;
    TokenPolicy policy;
    bool ready = false;
    bool of_file = false;
    struct stat file {};
    std::unordered_map<std::string, Token> remembered;
};

// Made at the first use: constructors at load time would run in every backend.
Verifier& verifier() {
    static Verifier one;
    return one;
}

void forget() { verifier().ready = false; }

bool is_set(const char* setting) { return setting != nullptr && *setting != '\0'; }

[[noreturn]] void refuse_file(const std::string& why, const std::string& hint) {
    throw Error(ErrorKind::invalid_argument, "mmm.jwks_file " + why, {}, hint);
}

struct stat status_of_file() {
    struct stat status {};
    if (::stat(jwks_file, &status) != 0) refuse_file("cannot be read", "Give a file that the server's user may read.");
    return status;
}

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
           a.st_mtim.tv_nsec == b.st_mtim.tv_nsec && a.st_ctim.tv_sec == b.st_ctim.tv_sec && a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

KeySet keys_of_file(const struct stat& status) {
    if (!S_ISREG(status.st_mode) || static_cast<std::size_t>(status.st_size) > most_file_bytes)
        refuse_file("is not a file of at most 1 MB", "Give a file with a JSON Web Key Set.");
    std::ifstream file(jwks_file, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) refuse_file("cannot be read", "Give a file that the server's user may read.");
    if ((status.st_mode & (S_IWOTH | S_IWGRP)) != 0)
        refuse_file("can be written by others, who could then sign tokens", "Take the rights away: chmod 0644 or less.");
    KeySet keys = KeySet::parse(text.str());
    if (keys.has_secrets() && (status.st_mode & S_IROTH) != 0)
        refuse_file("holds secrets that others may read", "Take the rights away: chmod 0640 or 0600.");
    return keys;
}

TokenPolicy policy_of_settings() {
    TokenPolicy policy;
    policy.issuer = issuer;
    policy.audience = audience;
    policy.tenant_claim = tenant_claim;
    policy.leeway = leeway;
    policy.max_age = max_age;
    return policy;
}

Verifier& current() {
    Verifier& v = verifier();
    if (v.ready && !v.of_file) return v;
    if (!is_set(jwks) && !is_set(jwks_file))
        throw Error(ErrorKind::invalid_argument, "token was refused: no keys are configured", {}, "Set mmm.jwks_file or mmm.jwks.");
    const bool of_file = !is_set(jwks);
    const struct stat status = of_file ? status_of_file() : verifier().file;
    if (v.ready && same_file(status, v.file)) return v;
    v.ready = false;
    v.remembered.clear();
    v.keys = of_file ? keys_of_file(status) : KeySet::parse(jwks);
    v.policy = policy_of_settings();
    v.of_file = of_file;
    v.file = status;
    v.ready = true;
    return v;
}

const Token& remember(Verifier& v, const char* text, Token token) {
    if (v.remembered.size() >= most_remembered) v.remembered.clear();
    return v.remembered.insert_or_assign(text, std::move(token)).first->second;
}

// ---- hooks: nothing escapes them ----

// The value is never repeated: it may be a secret.
bool check_jwks(char** value, void**, GucSource) {
    if (!is_set(*value)) return true;
    char why[256] = "";
    try {
        if (!KeySet::parse(*value).has_secrets() || loaded_with_server) return true;
        strlcpy(why, "A session that has not loaded the library would show its secrets to everybody.", sizeof why);
        GUC_check_errhint("%s", "Put secrets into mmm.jwks_file, or load the library by shared_preload_libraries.");
    } catch (const std::exception& error) {
        strlcpy(why, error.what(), sizeof why);
    }
    GUC_check_errmsg("invalid value for parameter \"%s\"", "mmm.jwks");
    GUC_check_errdetail("%s", why);
    return false;
}

void assign_text(const char*, void*) { forget(); }
void assign_number(int, void*) { forget(); }

const char* show_secret_setting() { return is_set(jwks) ? "(set)" : ""; }

void define_text(const char* name, const char* what, const char* more, char** variable, const char* fallback, int flags, GucStringCheckHook check,
                 GucShowHook show) {
    DefineCustomStringVariable(name, what, more, variable, fallback, PGC_SIGHUP, flags, check, assign_text, show);
}

}  // namespace

const Token& verified(const char* text, double now) {
    Verifier& v = current();
    const auto found = v.remembered.find(text);
    if (found == v.remembered.end()) return remember(v, text, verify_token(text, v.keys, v.policy, now));
    if (now >= found->second.expires) throw TokenError("it has expired", "Ask for a new one.");
    return found->second;
}

const Token& verified_before(const char* text) {
    Verifier& v = current();
    const auto found = v.remembered.find(text);
    if (found != v.remembered.end()) return found->second;
    return remember(v, text, verify_token(text, v.keys, v.policy, std::nullopt));
}

void define_token_settings() {
    loaded_with_server = process_shared_preload_libraries_in_progress;
    define_text("mmm.jwks", "JSON Web Key Set that tokens are verified with.", "Goes before mmm.jwks_file.", &jwks, "",
                GUC_SUPERUSER_ONLY | GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, check_jwks, show_secret_setting);
    define_text("mmm.jwks_file", "File with the JSON Web Key Set that tokens are verified with.",
                "Read when it is first needed and again whenever it changes.", &jwks_file, "", GUC_SUPERUSER_ONLY, nullptr, nullptr);
    define_text("mmm.token_issuer", "Issuer that tokens must be of.", "Empty: any that has a key.", &issuer, "", 0, nullptr, nullptr);
    define_text("mmm.token_audience", "Audience that tokens must be meant for.", "Empty: any.", &audience, "", 0, nullptr, nullptr);
    define_text("mmm.tenant_claim", "Claim of a token that names its tenant.", "A path with dots, such as app_metadata.tenant_id.", &tenant_claim,
                "tenant_id", 0, nullptr, nullptr);
    DefineCustomIntVariable("mmm.token_leeway", "Seconds by which the clocks of signer and server may differ.", nullptr, &leeway, 5, 0, most_leeway,
                            PGC_SIGHUP, GUC_UNIT_S, nullptr, assign_number, nullptr);
    DefineCustomIntVariable("mmm.token_max_age", "Seconds after its issue from which a token is refused.", "0: when it says that it expires.", &max_age, 0,
                            0, most_age, PGC_SIGHUP, GUC_UNIT_S, nullptr, assign_number, nullptr);
}

}  // namespace mmm::sql
