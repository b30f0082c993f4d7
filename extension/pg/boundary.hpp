// Where C++ exceptions and PostgreSQL errors meet.
//
// A PostgreSQL error is a longjmp: it skips destructors. A C++ exception must not travel through PostgreSQL's frames.
// So:
//   - every SQL-callable function is `return boundary([&] { ... });`. A C++ exception leaves it as an ERROR, raised
//   when
//     nothing with a destructor is alive any more;
//   - every call that may raise an ERROR is `guarded([&] { ... })`: the ERROR becomes a C++ exception that carries it
//     whole (SQLSTATE, detail, hint, context) to the boundary. The lambda holds no object with a destructor and returns
//     plain data. The guard sits deeper than whatever it protects.
// A guarded error is for passing on, never for swallowing: that would need a subtransaction.
#pragma once

#include "core/error.hpp"

#include "pg/pg.hpp"

namespace mmm::pg {

// A PostgreSQL ERROR on its way through C++ frames.
struct PgError {
    ErrorData* data;
};

// The backend has been told to exit: thrown instead of exiting at once, so that threads end first.
struct ExitPending {};

// An error of the glue's own that needs a SQLSTATE the engine does not know.
class SqlError : public std::runtime_error {
public:
    SqlError(int sqlstate, const std::string& message, std::string detail = {}, std::string hint = {})
        : std::runtime_error(message), sqlstate_(sqlstate), detail_(std::move(detail)), hint_(std::move(hint)) {}
    int sqlstate() const { return sqlstate_; }
    const std::string& detail() const { return detail_; }
    const std::string& hint() const { return hint_; }

private:
    int sqlstate_;
    std::string detail_;
    std::string hint_;
};

// What is left of an exception once it is over: plain data, the strings in the current memory context.
struct Failure {
    int sqlstate = 0;
    const char* message = nullptr;
    const char* detail = nullptr;
    const char* hint = nullptr;
    ErrorData* original = nullptr;
    bool exit = false;
};

Failure current_failure() noexcept;  // of the exception being handled
[[noreturn]] void raise(const Failure& failure);
[[noreturn]] void throw_pg_error(MemoryContext context);

template <typename F>
auto guarded(F&& body) -> std::invoke_result_t<F> {
    using Result = std::invoke_result_t<F>;
    static_assert(std::is_void_v<Result> || std::is_trivially_copyable_v<Result>);
    sigjmp_buf* const outer = PG_exception_stack;
    ErrorContextCallback* const callbacks = error_context_stack;
    const MemoryContext context = CurrentMemoryContext;
    sigjmp_buf here;
    if (sigsetjmp(here, 0) == 0) {
        PG_exception_stack = &here;
        if constexpr (std::is_void_v<Result>) {
            body();
            PG_exception_stack = outer;
            error_context_stack = callbacks;
            return;
        } else {
            const Result result = body();
            PG_exception_stack = outer;
            error_context_stack = callbacks;
            return result;
        }
    }
    PG_exception_stack = outer;
    error_context_stack = callbacks;
    throw_pg_error(context);
}

template <typename F>
Datum boundary(F&& body) {
    Failure failure;
    try {
        return body();
    } catch (...) {
        failure = current_failure();
    }
    raise(failure);
}

}  // namespace mmm::pg
