// Nothing is allocated between transitions: the number of allocations of a run does not depend on its number of draws.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>

#include "sampler/targets.hpp"

namespace {
std::atomic<long> allocations{0};
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr bool counted = true;
// glibc's allocator, counted. Eigen calls malloc directly, operator new ends there too.
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) {
    allocations.fetch_add(1, std::memory_order_relaxed);
    return __libc_malloc(size);
}
#else
constexpr bool counted = false;
#endif

namespace mmm {
namespace {

TEST(Allocation, TheLoopOverDrawsAllocatesNothing) {
    if (!counted) GTEST_SKIP() << "sanitizers bring an allocator of their own";
    const auto count = [](int n, int draws) {
        const Density density = test::standard_normal(n);
        const Vec start = Vec::Zero(n);
        const long before = allocations;
        test::run_chain(density, start, draws, 0, 1, 100);
        return allocations - before;
    };
    for (const int n : {10, 200}) EXPECT_EQ(count(n, 50), count(n, 2000)) << n << " dimensions";
}

}  // namespace
}  // namespace mmm
