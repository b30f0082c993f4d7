// As x86-64-v4 has them: the compiler makes each register of smaller ones. Slow, but their code is tested where no processor has AVX-512.
#include "kernel/wide_kernels.hpp"

#define MMM_KERNEL_SPACE wide
#define MMM_KERNEL_SET x86_64_v4
#define MMM_KERNEL_LANES 8
#define MMM_KERNEL_VECTOR_MATH 0
#include "core/kernel/body.inc"
