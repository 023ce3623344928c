// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_lock.h"

#include "engine/core/store/run_place.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr std::time_t kStaleAfterSeconds = 15 * 60;

std::string firstLine(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

/// Field 22 of /proc/PID/stat; the name in field 2 may hold blanks and brackets.
std::uint64_t processStart(std::int64_t pid) {
  const std::string line = firstLine("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) {
    return 0;
  }
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  for (int i = 3; i < 22; ++i) {
    fields >> field;
  }
  std::uint64_t start = 0;
  fields >> start;
  return start;
}

/// Another holder's lock: Held; ours or nobody's: Free; the file system has no locks: Unknown.
enum class KernelLock { Free, Held, Unknown };

KernelLock kernelLock(int fd, int command) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(fd, command, &lock) == 0) {
    return command == F_OFD_SETLK || lock.l_type == F_UNLCK ? KernelLock::Free : KernelLock::Held;
  }
  return errno == EAGAIN || errno == EACCES ? KernelLock::Held : KernelLock::Unknown;
}

LockHolder readHolder(int fd) {
  std::array<char, 4096> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  return LockHolder::parse({text.data(), got > 0 ? static_cast<std::size_t>(got) : 0});
}

/// Seconds since the file was last touched, by the clock of the machine that keeps the file.
std::optional<std::time_t> ageOf(int fd, const fs::path& folder) {
  struct stat lock {};
  struct stat now {};
  const fs::path probe = temporaryName(folder / kLockName);
  const FileDescriptor created(
      ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  const bool is_known = created.isOpen() && ::fstat(created.get(), &now) == 0;
  if (created.isOpen()) {
    ::unlink(probe.c_str());
  }
  if (!is_known || ::fstat(fd, &lock) != 0) {
    return {};
  }
  return now.st_mtime - lock.st_mtime;
}

/// Whether a holder whose kernel lock we do not see may still live.
bool mayLiveUnseen(const LockHolder& holder, KernelLock kernel, bool is_network,
                   std::optional<std::time_t> age) {
  const LockHolder self = LockHolder::self();
  if (holder.pid == 0) {
    return false;  // no holder is named: the writer was killed while it took the lock
  }
  if (holder.host == self.host) {
    return kernel == KernelLock::Unknown && holder.isAliveHere();
  }
  // On a local file system there is one kernel, whatever the host was called.
  return (is_network || kernel == KernelLock::Unknown) && (!age || *age < kStaleAfterSeconds);
}

IoError heldError(const fs::path& run, const LockHolder& holder) {
  return {run.string(), "The run is being written by " + holder.text() +
                            ". Stop that process first, or open the run for reading."};
}

IoError unseenError(const fs::path& run, const LockHolder& holder, std::optional<std::time_t> age) {
  return {run.string(), "The run is being written by " + holder.text() +
                            ", another host, which was last active " +
                            (age ? std::to_string(*age) + " s ago" : "at an unknown time") +
                            ". If that process has ended, delete " + kLockName +
                            " in the run's folder, or wait until it is 15 minutes old."};
}

Expected<void, IoError> writeHolder(int fd, const fs::path& file, const LockHolder& holder) {
  const std::string text = holder.json();
  const ssize_t written = ::pwrite(fd, text.data(), text.size(), 0);
  if (written != static_cast<ssize_t>(text.size()) ||
      ::ftruncate(fd, static_cast<off_t>(text.size())) != 0 || ::fsync(fd) != 0) {
    return Unexpected(
        systemError(file, "The lock cannot be written", written < 0 ? errno : ENOSPC));
  }
  return {};
}

bool isFile(int fd, const fs::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::stat(file.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

LockHolder LockHolder::self() {
  LockHolder holder;
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  holder.pid = ::getpid();
  holder.host = name.data();
  holder.boot_id = firstLine("/proc/sys/kernel/random/boot_id");
  holder.process_start = processStart(holder.pid);
  holder.since = utcText(unixTime());
  return holder;
}

LockHolder LockHolder::parse(std::string_view json_text) {
  LockHolder holder;
  const auto json = nlohmann::json::parse(json_text, nullptr, false);
  if (!json.is_object()) {
    return holder;
  }
  const auto text = [&json](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto number = [&json](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0U;
  };
  holder.pid = static_cast<std::int64_t>(number("pid") & 0x7FFFFFFFU);
  holder.host = text("host");
  holder.boot_id = text("boot_id");
  holder.process_start = number("process_start");
  holder.since = text("since");
  return holder;
}

std::string LockHolder::json() const {
  const nlohmann::ordered_json json{{"pid", pid},
                                    {"host", host},
                                    {"boot_id", boot_id},
                                    {"process_start", process_start},
                                    {"since", since}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string LockHolder::text() const {
  if (pid == 0) {
    return "another process";
  }
  return "pid " + std::to_string(pid) + " on " + (host.empty() ? "an unnamed host" : host) +
         (since.empty() ? std::string() : " since " + since);
}

bool LockHolder::isAliveHere() const {
  const LockHolder here = self();
  return host == here.host && boot_id == here.boot_id && pid > 0 &&
         processStart(pid) == process_start && process_start != 0;
}

LockState lockState(const fs::path& run, bool is_network) {
  const FileDescriptor fd(::open((run / kLockName).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd.isOpen()) {
    return {};
  }
  const KernelLock kernel = kernelLock(fd.get(), F_OFD_GETLK);
  LockHolder holder = readHolder(fd.get());
  struct stat info {};
  std::optional<std::time_t> age;
  if (::fstat(fd.get(), &info) == 0) {
    age = static_cast<std::time_t>(unixTime()) - info.st_mtime;
  }
  if (kernel == KernelLock::Held || mayLiveUnseen(holder, kernel, is_network, age)) {
    return {true, std::move(holder)};
  }
  return {};
}

Expected<RunLock, IoError> RunLock::acquire(const fs::path& run, bool is_network) {
  const fs::path file = run / kLockName;
  LockHolder seen;
  // A killed holder's lock ends when the kernel has taken it apart, which may take a moment; a
  // released one's file may be removed between our opening and locking it.
  constexpr int kTries = 20;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    FileDescriptor fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666));
    if (!fd.isOpen()) {
      return Unexpected(systemError(file, "The run's lock cannot be taken", errno));
    }
    const KernelLock kernel = kernelLock(fd.get(), F_OFD_SETLK);
    seen = readHolder(fd.get());
    if (kernel == KernelLock::Held || !isFile(fd.get(), file)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    const auto age = ageOf(fd.get(), run);
    if (mayLiveUnseen(seen, kernel, is_network, age)) {
      return Unexpected(seen.host == LockHolder::self().host ? heldError(run, seen)
                                                             : unseenError(run, seen, age));
    }
    LockHolder self = LockHolder::self();
    if (auto written = writeHolder(fd.get(), file, self); !written) {
      return Unexpected(written.error());
    }
    return RunLock(file, std::move(fd), std::move(self), is_network);
  }
  return Unexpected(heldError(run, seen));
}

bool RunLock::isSameFile() const {
  return m_fd.isOpen() && isFile(m_fd.get(), m_file);
}

Expected<void, IoError> RunLock::check() const {
  if (m_holder.pid != ::getpid()) {
    return Unexpected(IoError{m_file.string(),
                              "The run's lock belongs to the process that took it, "
                              "not to one that was forked from it."});
  }
  if (isSameFile() && (!m_is_network || readHolder(m_fd.get()) == m_holder)) {
    return {};
  }
  const FileDescriptor fd(::open(m_file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  const std::string reason =
      fd.isOpen() ? "was taken over by " + readHolder(fd.get()).text() : "was removed";
  return Unexpected(
      IoError{m_file.string(), "The run's lock " + reason + "; nothing more is written here."});
}

void RunLock::touch() const {
  // Only a sign of life: the next one comes soon.
  [[maybe_unused]] const int ignored = ::futimens(m_fd.get(), nullptr);
}

RunLock::~RunLock() {
  if (m_holder.pid == ::getpid() && isSameFile() && readHolder(m_fd.get()) == m_holder) {
    ::unlink(m_file.c_str());
  }
}

void removeBegunRun(const fs::path& run, bool shared) {
  const auto lock = RunLock::acquire(run, shared || isNetworkFileSystem(run));
  if (lock && lock->check()) {
    std::error_code ignored;
    fs::remove_all(run, ignored);
  }
}

}  // namespace anchorlens::core
