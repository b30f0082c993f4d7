#include "core/sampler/chains.hpp"

#include <csignal>
#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/error.hpp"

namespace mmm {

namespace {

// Threads inherit the mask of their creator.
class AllSignalsBlocked {
public:
    AllSignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    AllSignalsBlocked(const AllSignalsBlocked&) = delete;
    AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

private:
    sigset_t before_;
};

class Workers {
public:
    Workers(int n_tasks, const std::function<void(int, const StopFlag&)>& task) : n_tasks_(n_tasks), task_(task) {}
    ~Workers() {
        stop_ = true;
        for (auto& thread : threads_) thread.join();
    }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    void start(int count) {
        threads_.reserve(static_cast<std::size_t>(count));
        const AllSignalsBlocked blocked;
        try {
            for (int i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
        } catch (const std::system_error&) {
            // The system gives no more threads: those that exist do all the work.
            if (threads_.empty()) throw Error(ErrorKind::limit_exceeded, "could not start a worker thread");
        }
    }

    bool finished() const { return finished_ == n_tasks_; }

    // Sleeps until a task ends, at most briefly: short jobs need not wait for the caller's own pause.
    void pause() {
        std::unique_lock lock(mutex_);
        ended_.wait_for(lock, std::chrono::milliseconds(1), [this] { return finished(); });
    }

    void rethrow() {
        const std::scoped_lock lock(mutex_);
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    void work() {
        for (int i = next_++; i < n_tasks_; i = next_++) {
            try {
                if (!stop_) task_(i, stop_);
            } catch (...) {
                fail(std::current_exception());
            }
            const std::scoped_lock lock(mutex_);
            ++finished_;
            ended_.notify_one();
        }
    }

    void fail(std::exception_ptr failure) {
        const std::scoped_lock lock(mutex_);
        // Those that end because they were told to would hide the reason.
        if (!failure_) failure_ = std::move(failure);
        stop_ = true;
    }

    const int n_tasks_;
    const std::function<void(int, const StopFlag&)>& task_;
    StopFlag stop_{false};
    std::atomic<int> next_{0};
    std::atomic<int> finished_{0};
    std::mutex mutex_;
    std::condition_variable ended_;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

}  // namespace

void run_tasks(int n_tasks, int max_threads, const std::function<void(int, const StopFlag&)>& task,
               const std::function<void()>& wait) {
    if (n_tasks <= 0) return;
    Workers workers(n_tasks, task);
    workers.start(std::clamp(max_threads, 1, n_tasks));
    workers.pause();
    while (!workers.finished()) {
        wait();
        workers.pause();
    }
    workers.rethrow();
}

}  // namespace mmm
