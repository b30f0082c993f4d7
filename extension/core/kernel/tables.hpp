// The kernels as they were compiled for each instruction set.
#pragma once

#include "core/kernel/kernels.hpp"

// Sets of x86-64 take GCC's pragmas and glibc's vector exp and log.
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define MMM_KERNEL_SETS
#endif

namespace mmm {

namespace portable {
extern const Kernels table;
}
#ifdef MMM_KERNEL_SETS
namespace v2 {
extern const Kernels table;
}
namespace v3 {
extern const Kernels table;
}
namespace v4 {
extern const Kernels table;
}
#endif

}  // namespace mmm
