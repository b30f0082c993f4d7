// Tasks on worker threads: every task runs once, the caller can stop them, nothing is lost and nothing left behind.
#include <gtest/gtest.h>

#include <csignal>
#include <pthread.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "core/error.hpp"
#include "core/sampler/chains.hpp"

namespace mmm {
namespace {

void sleep_briefly() { std::this_thread::sleep_for(std::chrono::microseconds(200)); }

TEST(RunTasks, RunsEveryTaskOnceHoweverManyThreads) {
    for (const int threads : {1, 2, 7, 100}) {
        std::vector<std::atomic<int>> runs(50);
        run_tasks(50, threads, [&](int i, const StopFlag&) { ++runs[static_cast<std::size_t>(i)]; }, sleep_briefly);
        for (const auto& n : runs) EXPECT_EQ(n, 1);
    }
    run_tasks(0, 2, [](int, const StopFlag&) { FAIL(); }, sleep_briefly);
}

TEST(RunTasks, AnExceptionOfWaitStopsTheTasksAndGoesOn) {
    std::atomic<int> ended{0};
    const auto task = [&](int, const StopFlag& stop) {
        while (!stop) sleep_briefly();
        ++ended;
        throw Error(ErrorKind::cancelled, "cancelled");
    };
    int waits = 0;
    EXPECT_THROW(run_tasks(3, 3, task, [&] { if (++waits == 3) throw std::domain_error("user asked"); sleep_briefly(); }), std::domain_error);
    EXPECT_EQ(ended, 3) << "workers are joined before the exception goes on";
}

TEST(RunTasks, TheFirstExceptionOfATaskStopsTheOthersAndIsRethrown) {
    const auto task = [&](int i, const StopFlag& stop) {
        if (i == 1) throw std::range_error("task 1");
        while (!stop) sleep_briefly();
        throw Error(ErrorKind::cancelled, "cancelled");
    };
    EXPECT_THROW(run_tasks(2, 2, task, sleep_briefly), std::range_error);
}

TEST(RunTasks, WorkersHaveEverySignalBlockedAndTheCallerKeepsItsMask) {
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, nullptr, &before);
    run_tasks(2, 2, [](int, const StopFlag&) {
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGALRM, SIGHUP}) EXPECT_EQ(sigismember(&mask, signal), 1);
    }, sleep_briefly);
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (int signal = 1; signal < 32; ++signal) EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal));
}

}  // namespace
}  // namespace mmm
