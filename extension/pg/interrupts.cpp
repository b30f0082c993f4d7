#include "pg/interrupts.hpp"

#include "pg/compat.hpp"

namespace mmm::pg {

namespace {

bool interrupts_allowed() {
    return InterruptHoldoffCount == 0 && CritSectionCount == 0;
}

// CHECK_FOR_INTERRUPTS would find the client gone and exit on the spot, so look first.
void notice_lost_client() {
    if (!CheckClientConnectionPending || client_connection_check_interval <= 0) return;
    const bool connected = guarded([] { return pq_check_connection(); });
    if (!connected) ClientConnectionLost = true;
}

}  // namespace

void check_interrupts() {
    if (!INTERRUPTS_PENDING_CONDITION() || !interrupts_allowed()) return;
    notice_lost_client();
    if (exit_is_pending()) throw ExitPending{};
    guarded([] { CHECK_FOR_INTERRUPTS(); });
}

void wait_for_interrupts(long milliseconds) {
    const int events = guarded([&] {
        const int woken =
            WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_POSTMASTER_DEATH, milliseconds, PG_WAIT_EXTENSION);
        if ((woken & WL_LATCH_SET) != 0) ResetLatch(MyLatch);
        return woken;
    });
    if ((events & WL_POSTMASTER_DEATH) != 0) throw ExitPending{};
    check_interrupts();
}

}  // namespace mmm::pg
