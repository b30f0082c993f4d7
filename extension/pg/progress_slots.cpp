#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>

#include "pg/compat.hpp"
#include "pg/progress_slots.hpp"

namespace mmm::pg {

namespace {

constexpr char path[] = PG_STAT_TMP_DIR "/mmm_progress";
constexpr char new_path[] = PG_STAT_TMP_DIR "/mmm_progress.new";

struct Header {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t slot_size;
    std::uint32_t slot_count;
    std::uint32_t reserved;
};

constexpr Header our_header = {0x6d6d6d2d70726f67, 1, sizeof(FitSlot), most_fits, 0};
constexpr std::size_t slots_offset = 64;
constexpr std::size_t file_size = slots_offset + most_fits * sizeof(FitSlot);

struct Mapping {
    void* base = nullptr;
    dev_t device = 0;
    ino_t inode = 0;
};

Mapping mapped;

bool is_ours(int file, struct stat& status) {
    Header header{};
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
           status.st_size == static_cast<off_t>(file_size) &&
           pread(file, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header) &&
           std::memcmp(&header, &our_header, sizeof header) == 0;
}

int open_existing(struct stat& status) {
    const int file = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return -1;
    if (is_ours(file, status)) return file;
    close(file);
    errno = EINVAL;
    return -1;
}

// Blocks are allocated at once: writing to a hole on a full disk would be a bus error.
bool fill(int file) {
    const int failed = posix_fallocate(file, 0, static_cast<off_t>(file_size));
    if (failed != 0) {
        errno = failed;
        return false;
    }
    return pwrite(file, &our_header, sizeof our_header, 0) == static_cast<ssize_t>(sizeof our_header) &&
           rename(new_path, path) == 0;
}

int create(struct stat& status) {
    unlink(new_path);
    const int file = open(new_path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, pg_file_create_mode);
    if (file < 0) return -1;
    if (fill(file) && fstat(file, &status) == 0) return file;
    const int why = errno;
    close(file);
    unlink(new_path);
    errno = why;
    return -1;
}

// Returns 0 or an errno. One backend at a time, so that two do not each make a file.
int map_file() {
    struct stat status {};
    int file = open_existing(status);
    if (file < 0) file = create(status);
    if (file < 0) return errno;
    int failed = 0;
    const bool same = mapped.base != nullptr && mapped.device == status.st_dev && mapped.inode == status.st_ino;
    if (!same) {
        // An older mapping stays: a fit of this backend may still be writing to it.
        void* base = mmap(nullptr, file_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (base == MAP_FAILED)
            failed = errno;
        else
            mapped = {base, status.st_dev, status.st_ino};
    }
    close(file);
    return failed;
}

bool still_current() {
    struct stat status {};
    return mapped.base != nullptr && lstat(path, &status) == 0 && status.st_dev == mapped.device &&
           status.st_ino == mapped.inode && status.st_size == static_cast<off_t>(file_size);
}

void warn_once(int why) {
    static bool warned = false;
    if (std::exchange(warned, true)) return;
    guarded([&] {
        errno = why;
        ereport(WARNING, (errcode_for_file_access(),
                          errmsg("progress of fits cannot be shown: file \"%s\": %s", path, strerror(why)),
                          errdetail("Fits run all the same.")));
    });
}

}  // namespace

FitSlot* shared_slots() {
    if (!still_current()) {
        const int failed = guarded([] {
            LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
            const int result = map_file();
            LWLockRelease(AddinShmemInitLock);
            return result;
        });
        if (failed != 0) {
            warn_once(failed);
            return nullptr;
        }
    }
    return mapped_slots();
}

FitSlot* mapped_slots() noexcept {
    if (mapped.base == nullptr) return nullptr;
    return reinterpret_cast<FitSlot*>(static_cast<char*>(mapped.base) + slots_offset);
}

bool process_lives(int pid, std::int64_t process_started) {
    if (pid == MyProcPid) return process_started == MyStartTimestamp;
    if (BackendPidGetProc(pid) == nullptr) return false;
    // A younger process means that the pid was reused. An older one means that the snapshot of the status table is
    // older than the slot.
    const int count = pgstat_fetch_stat_numbackends();
    for (int i = 1; i <= count; ++i) {
        const PgBackendStatus* entry = backend_status(i);
        if (entry != nullptr && entry->st_procpid == pid) return entry->st_proc_start_timestamp <= process_started;
    }
    return true;
}

}  // namespace mmm::pg
