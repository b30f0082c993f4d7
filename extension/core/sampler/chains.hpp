// Tasks on worker threads while the caller's thread stays free to be interrupted.
#pragma once

#include <functional>

#include "core/sampler/density.hpp"

namespace mmm {

// Runs task(0) .. task(n_tasks - 1) on at most max_threads workers. The calling thread only loops `wait`, which sleeps a few
// milliseconds and may throw: the stop flag is then set, workers are joined, and the exception goes on. The first exception of a
// task stops the others and is rethrown here. Nothing escapes a worker.
// Workers have every signal blocked: handlers of the host process must run in its own thread alone.
void run_tasks(int n_tasks, int max_threads, const std::function<void(int task, const StopFlag& stop)>& task,
               const std::function<void()>& wait);

}  // namespace mmm
