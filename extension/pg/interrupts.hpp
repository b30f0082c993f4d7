// How a long computation stays interruptible. All of these throw what makes the work stop: PgError for a cancel request
// or a timeout, ExitPending when the backend must end. They never exit the process under running threads.
#pragma once

#include "pg/boundary.hpp"

namespace mmm::pg {

void check_interrupts();                      // costs a comparison while nothing is pending
void wait_for_interrupts(long milliseconds);  // sleeps, but wakes at once when something arrives

}  // namespace mmm::pg
