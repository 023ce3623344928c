// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/store/file_io.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// The writer's lock, RUN/lock: one JSON object that names the holder, and a kernel lock (open file
/// description lock) on that file, which ends with the process however it ends.
namespace anchorlens::core {

/// Who holds, or held, a lock.
struct LockHolder {
  std::int64_t pid = 0;
  std::string host;
  std::string boot_id;              ///< of the kernel: tells a restarted host from a running one
  std::uint64_t process_start = 0;  ///< clock ticks since boot: tells a process from a later one
  std::string since;                ///< UTC

  static LockHolder self();
  static LockHolder parse(std::string_view json_text);  ///< empty fields where the text says none
  std::string json() const;
  std::string text() const;  ///< "pid 1234 on host since 2024-05-01T12:00:00Z"
  /// On this host, since its last start, and still the same process.
  bool isAliveHere() const;
  bool operator==(const LockHolder&) const = default;
};

struct LockState {
  bool held = false;
  LockHolder holder;
};

/// For readers: looks and changes nothing. Where kernel locks do not reach other hosts
/// (`is_network`), another host's holder counts as living while its file was touched in the last 15
/// minutes.
LockState lockState(const std::filesystem::path& run, bool is_network);

class RunLock {
 public:
  /// Takes the lock, also from a dead holder; the error names a living one.
  static Expected<RunLock, IoError> acquire(const std::filesystem::path& run, bool is_network);
  RunLock(RunLock&& other) noexcept = default;
  RunLock& operator=(RunLock&&) = delete;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  /// Removes the file if it is still ours.
  ~RunLock();

  /// An error when the lock's file was removed or somebody else has taken it: whoever writes on
  /// would damage their work.
  Expected<void, IoError> check() const;
  /// Shows other hosts that the holder lives.
  void touch() const;

 private:
  RunLock(std::filesystem::path file, FileDescriptor fd, LockHolder holder, bool is_network)
      : m_file(std::move(file)),
        m_fd(std::move(fd)),
        m_holder(std::move(holder)),
        m_is_network(is_network) {}
  bool isSameFile() const;

  std::filesystem::path m_file;
  FileDescriptor m_fd;
  LockHolder m_holder;
  bool m_is_network = false;
};

/// Removes a folder in which a run could not be begun: the next try needs it. It stays when
/// somebody else has its lock.
void removeBegunRun(const std::filesystem::path& run, bool shared);

}  // namespace anchorlens::core
