// The kernels for x86-64-v3 (AVX2, fused multiply-add).
#include "core/kernel/tables.hpp"

#ifdef MMM_KERNEL_SETS
#pragma GCC push_options
#pragma GCC target("arch=x86-64-v3")
#define MMM_KERNEL_SPACE v3
#define MMM_KERNEL_SET x86_64_v3
#define MMM_KERNEL_LANES 4
#define MMM_KERNEL_VECTOR_MATH 1
#include "core/kernel/body.inc"
#pragma GCC pop_options
#endif
