// The kernels for x86-64-v2 (SSE 4.2).
#include "core/kernel/tables.hpp"

#ifdef MMM_KERNEL_SETS
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v2")
#define MMM_KERNEL_SPACE v2
#define MMM_KERNEL_SET x86_64_v2
#define MMM_KERNEL_LANES 2
#define MMM_KERNEL_VECTOR_MATH 1
#include "core/kernel/body.inc"
#pragma GCC pop_options
#endif
