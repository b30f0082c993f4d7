// The kernels as they were compiled for each instruction set.
#pragma once

#include "core/kernel/kernels.hpp"

namespace mmm {

namespace portable {
extern const Kernels table;
}
#ifdef __x86_64__
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
