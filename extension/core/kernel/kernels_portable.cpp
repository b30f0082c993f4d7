// The kernels for whatever the compiler is asked for: the least that a processor of this kind has.
#include "core/kernel/tables.hpp"

#define MMM_KERNEL_SPACE portable
#define MMM_KERNEL_SET portable
#define MMM_KERNEL_LANES 2
#define MMM_KERNEL_VECTOR_MATH 0
#include "core/kernel/body.inc"
