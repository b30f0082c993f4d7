// Where the system gives no threads, run_tasks says so instead of hanging or dying.
#include <gtest/gtest.h>

#include <pthread.h>

#include "core/error.hpp"
#include "core/sampler/chains.hpp"

namespace mmm {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

TEST(RunTasks, ReportsThatNoThreadCouldBeStarted) {
    if (sanitized) GTEST_SKIP() << "sanitizers do not survive a thread that cannot start";
    // A stack larger than the address space: every creation fails.
    pthread_attr_t attributes, before;
    pthread_getattr_default_np(&before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, std::size_t{1} << 60);
    pthread_setattr_default_np(&attributes);
    const auto restore = [&] { pthread_setattr_default_np(&before); };
    try {
        run_tasks(2, 2, [](int, const StopFlag&) { FAIL() << "no thread can run this"; }, [] {});
        restore();
        FAIL() << "it returned";
    } catch (const Error& error) {
        restore();
        EXPECT_EQ(error.kind(), ErrorKind::limit_exceeded);
    }
    pthread_attr_destroy(&attributes);
    int runs = 0;
    run_tasks(1, 1, [&](int, const StopFlag&) { ++runs; }, [] {});
    EXPECT_EQ(runs, 1) << "and works again when there are threads";
}

}  // namespace
}  // namespace mmm
