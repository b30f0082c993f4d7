#include "pg/progress.hpp"

#include "pg/encoding.hpp"

namespace mmm::pg {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// Writing what a slot describes, so that a reader sees all of it or none.
template <typename F>
void describe(FitSlot& slot, F&& write) {
    const std::uint32_t before = slot.sequence.load(relaxed) | 1U;
    slot.sequence.store(before, relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    write();
    slot.sequence.store(before + 1, std::memory_order_release);
}

void release(FitSlot& slot) {
    describe(slot, [&] { slot.database.store(0, relaxed); });
    slot.pid.store(0, std::memory_order_release);
}

// Entries of this backend that are in the table: more than one when a view that a fit reads fits itself.
int entries_held = 0;

// A backend that exits by FATAL runs no destructors.
void release_at_exit(int, Datum) {
    FitSlot* slots = entries_held > 0 ? mapped_slots() : nullptr;
    for (int i = 0; slots != nullptr && i < most_fits; ++i)
        if (slots[i].pid.load() == MyProcPid) release(slots[i]);
}

void register_exit() {
    static bool registered = false;
    if (std::exchange(registered, true)) return;
    guarded([] { before_shmem_exit(release_at_exit, 0); });
}

FitSlot* claim(FitSlot* slots) {
    for (int i = 0; i < most_fits; ++i) {
        FitSlot& slot = slots[i];
        std::int32_t owner = slot.pid.load();
        const bool taken = owner != 0 && guarded([&] { return process_lives(owner, slot.process_started.load()); });
        if (!taken && slot.pid.compare_exchange_strong(owner, MyProcPid)) return &slot;
    }
    return nullptr;
}

std::string clipped_to_server(const std::string& name) {
    const char* utf8 = name.c_str();
    struct Text {
        const char* text;
        int length;
    };
    const Text text = guarded([&] {
        const char* converted = server_text(utf8);
        const int length = static_cast<int>(std::strlen(converted));
        return Text{converted, pg_mbcliplen(converted, length, static_cast<int>(longest_model_name) - 1)};
    });
    return {text.text, static_cast<std::size_t>(text.length)};
}

Phase valid_phase(std::int32_t value) {
    return value >= 0 && value <= static_cast<int>(Phase::done) ? static_cast<Phase>(value) : Phase::waiting;
}

struct Description {
    std::int64_t process_started = 0, started_at = 0;
    Oid database = InvalidOid, role = InvalidOid;
    std::array<char, longest_model_name> model{};
};

std::optional<Description> read_description(const FitSlot& slot) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        Description seen;
        const std::uint32_t before = slot.sequence.load(std::memory_order_acquire);
        if ((before & 1U) != 0) continue;
        seen.process_started = slot.process_started.load(relaxed);
        seen.started_at = slot.started_at.load(relaxed);
        seen.database = slot.database.load(relaxed);
        seen.role = slot.role.load(relaxed);
        for (std::size_t i = 0; i + 1 < longest_model_name; ++i) seen.model[i] = slot.model[i].load(relaxed);
        std::atomic_thread_fence(std::memory_order_acquire);
        if (slot.sequence.load(relaxed) == before) return seen;
    }
    return std::nullopt;
}

bool may_see(const Description& fit) {
    if (fit.database != MyDatabaseId) return false;
    return guarded([&] {
        return has_privs_of_role(GetUserId(), fit.role) || has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
    });
}

// When a chain ends if it goes on at its mean pace so far.
std::optional<TimestampTz> expected_end(std::int64_t since, int iteration, int total, TimestampTz now) {
    if (since == 0 || iteration <= 0 || total <= 0 || now < since) return std::nullopt;
    const double left = static_cast<double>(std::max(0, total - iteration)) / iteration;
    return now + static_cast<TimestampTz>(static_cast<double>(now - since) * left);
}

void add_chains(const FitSlot& slot, int pid, const Description& fit, std::vector<RunningChain>& rows) {
    const Phase overall = valid_phase(slot.phase.load(relaxed));
    const int n_chains = std::clamp(slot.n_chains.load(relaxed), 0, most_chains);
    const RunningChain base{pid, fit.model.data(), overall, 0, 0, 0, 0, fit.started_at, std::nullopt};
    if (n_chains == 0) rows.push_back(base);
    const bool running = overall == Phase::warmup || overall == Phase::sampling;
    const std::int64_t since = slot.sampling_since.load(relaxed);
    const TimestampTz now = GetCurrentTimestamp();
    for (int i = 0; i < n_chains; ++i) {
        const ChainSlot& chain = slot.chains[static_cast<std::size_t>(i)];
        RunningChain row = base;
        row.chain = i + 1;
        row.iteration = chain.iteration.load(relaxed);
        row.total = chain.total.load(relaxed);
        row.divergences = chain.divergences.load(relaxed);
        if (running) row.phase = valid_phase(chain.phase.load(relaxed));
        row.eta = expected_end(since, row.iteration, row.total, now);
        rows.push_back(row);
    }
}

}  // namespace

ProgressEntry::ProgressEntry(const std::string& model) {
    const std::string name = clipped_to_server(model);
    FitSlot* slots = shared_slots();
    if (slots == nullptr) return;
    register_exit();
    slot_ = claim(slots);
    if (slot_ == nullptr) return;
    ++entries_held;
    slot_->phase.store(static_cast<int>(Phase::reading), relaxed);
    slot_->n_chains.store(0, relaxed);
    slot_->sampling_since.store(0, relaxed);
    describe(*slot_, [&] {
        slot_->process_started.store(MyStartTimestamp, relaxed);
        slot_->started_at.store(GetCurrentTimestamp(), relaxed);
        slot_->database.store(MyDatabaseId, relaxed);
        slot_->role.store(GetUserId(), relaxed);
        for (std::size_t i = 0; i < longest_model_name; ++i)
            slot_->model[i].store(i < name.size() ? name[i] : '\0', relaxed);
    });
}

ProgressEntry::~ProgressEntry() {
    if (slot_ == nullptr) return;
    release(*slot_);
    --entries_held;
}

void ProgressEntry::update(Phase overall, const ChainProgress* chains, int n_chains) {
    if (slot_ == nullptr) return;
    const int shown = std::min(n_chains, most_chains);
    bool started = false;
    for (int i = 0; i < shown; ++i) {
        ChainSlot& slot = slot_->chains[static_cast<std::size_t>(i)];
        const int iteration = chains[i].iteration.load(relaxed);
        slot.phase.store(static_cast<int>(chains[i].phase.load(relaxed)), relaxed);
        slot.iteration.store(iteration, relaxed);
        slot.total.store(chains[i].total.load(relaxed), relaxed);
        slot.divergences.store(chains[i].divergences.load(relaxed), relaxed);
        started |= iteration > 0;
    }
    if (started && slot_->sampling_since.load(relaxed) == 0)
        slot_->sampling_since.store(GetCurrentTimestamp(), relaxed);
    slot_->n_chains.store(shown, relaxed);
    slot_->phase.store(static_cast<int>(overall), relaxed);
}

std::vector<RunningChain> running_chains() {
    std::vector<RunningChain> rows;
    const FitSlot* slots = shared_slots();
    for (int i = 0; slots != nullptr && i < most_fits; ++i) {
        const int pid = slots[i].pid.load();
        if (pid == 0) continue;
        const std::optional<Description> fit = read_description(slots[i]);
        if (!fit || !may_see(*fit)) continue;
        if (guarded([&] { return process_lives(pid, fit->process_started); })) add_chains(slots[i], pid, *fit, rows);
    }
    return rows;
}

}  // namespace mmm::pg
