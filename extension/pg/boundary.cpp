#include "pg/boundary.hpp"

#include "pg/encoding.hpp"

namespace mmm::pg {

namespace {

// A copy that can fail only by being empty: a PostgreSQL ERROR here would skip the exception's own destruction.
const char* keep(std::string_view text) noexcept {
    if (text.empty()) return nullptr;
    const std::size_t length = std::min(text.size(), std::size_t{MaxAllocSize} / 2);
    char* copy = static_cast<char*>(MemoryContextAllocExtended(CurrentMemoryContext, length + 1, MCXT_ALLOC_NO_OOM));
    if (copy == nullptr) return nullptr;
    std::memcpy(copy, text.data(), length);
    copy[length] = '\0';
    return copy;
}

int sqlstate_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::invalid_specification:
        case ErrorKind::invalid_data:
        case ErrorKind::invalid_argument: return ERRCODE_INVALID_PARAMETER_VALUE;
        case ErrorKind::unsupported: return ERRCODE_FEATURE_NOT_SUPPORTED;
        case ErrorKind::limit_exceeded: return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
        case ErrorKind::invalid_text: return ERRCODE_INVALID_TEXT_REPRESENTATION;
        case ErrorKind::invalid_binary: return ERRCODE_INVALID_BINARY_REPRESENTATION;
        case ErrorKind::cancelled: return ERRCODE_QUERY_CANCELED;
    }
    return ERRCODE_INTERNAL_ERROR;
}

Failure internal_failure(const char* what) {
    Failure failure;
    failure.sqlstate = ERRCODE_INTERNAL_ERROR;
    const std::string_view prefix = "internal error";
    const std::string_view text = what;
    if (text.substr(0, prefix.size()) == prefix) {
        failure.message = keep(text);
    } else {
        char buffer[512];
        strlcpy(buffer, "internal error: ", sizeof buffer);
        strlcat(buffer, what, sizeof buffer);
        failure.message = keep(buffer);
    }
    failure.hint = "This is a defect in mmm, not in what you asked: please report it.";
    return failure;
}

}  // namespace

Failure current_failure() noexcept {
    Failure failure;
    try {
        throw;
    } catch (const PgError& error) {
        failure.original = error.data;
    } catch (const ExitPending&) {
        failure.exit = true;
    } catch (const Error& error) {
        failure = {sqlstate_of(error.kind()), keep(error.what()), keep(error.detail()), keep(error.hint())};
    } catch (const SqlError& error) {
        failure = {error.sqlstate(), keep(error.what()), keep(error.detail()), keep(error.hint())};
    } catch (const std::bad_alloc&) {
        failure.sqlstate = ERRCODE_OUT_OF_MEMORY;
        failure.message = "out of memory";
    } catch (const std::exception& error) {
        failure = internal_failure(error.what());
    } catch (...) {
        failure = internal_failure("unknown exception");
    }
    return failure;
}

void raise(const Failure& failure) {
    if (failure.original != nullptr) ReThrowError(failure.original);
    if (failure.exit) {
        CHECK_FOR_INTERRUPTS();
        proc_exit(1);  // the postmaster is gone: there is nobody to tell
    }
    const char* message = failure.message == nullptr ? "out of memory" : server_text(failure.message);
    const char* detail = failure.detail == nullptr ? nullptr : server_text(failure.detail);
    const char* hint = failure.hint == nullptr ? nullptr : server_text(failure.hint);
    ereport(ERROR,
            (errcode(failure.sqlstate), errmsg_internal("%s", message),
             detail == nullptr ? 0 : errdetail_internal("%s", detail), hint == nullptr ? 0 : errhint("%s", hint)));
    pg_unreachable();
}

void throw_pg_error(MemoryContext context) {
    MemoryContextSwitchTo(context);
    ErrorData* data = CopyErrorData();
    FlushErrorState();
    throw PgError{data};
}

}  // namespace mmm::pg
