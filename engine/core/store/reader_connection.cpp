// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/reader_connection.h"

#include "engine/core/store/file_io.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/store/run_place.h"

#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
/// A run that another user trains can only be followed by copying: not more often than this.
constexpr auto kCopyEvery = std::chrono::seconds(2);
constexpr auto kLiveAgainAfter = std::chrono::seconds(10);
constexpr int kCopyTries = 5;
/// A window that follows a run must not stand still while the writer opens or closes it.
constexpr int kBusyTimeoutMs = 250;

std::int64_t nanoseconds(const struct timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Expected<TemporaryFolder, IoError> TemporaryFolder::create() {
  std::error_code ignored;
  const fs::path base = fs::temp_directory_path(ignored);
  std::string name = (base / "anchorlens-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    return Unexpected(systemError(base, "No temporary folder can be made", errno));
  }
  return TemporaryFolder(fs::path(name));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : m_path(std::exchange(other.m_path, {})) {}

TemporaryFolder& TemporaryFolder::operator=(TemporaryFolder&& other) noexcept {
  std::swap(m_path, other.m_path);
  return *this;
}

TemporaryFolder::~TemporaryFolder() {
  if (!m_path.empty()) {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
}

ReaderConnection::ReaderConnection(fs::path run, FrozenExperiment experiment)
    : m_run(std::move(run)),
      m_file(m_run / kDatabaseName),
      m_experiment(std::move(experiment)),
      m_is_network(isNetworkFileSystem(m_run)) {}

ReaderConnection::Signature ReaderConnection::signatureOf(bool with_contents, bool with_wal) const {
  Signature signature{};
  struct stat info {};
  if (::stat(m_file.c_str(), &info) == 0) {
    signature[0] = static_cast<std::int64_t>(info.st_ino);
    if (with_contents) {
      signature[1] = info.st_size;
      signature[2] = nanoseconds(info.st_mtim);
    }
  }
  if (with_wal && ::stat(beside(m_file, "-wal").c_str(), &info) == 0) {
    signature[3] = static_cast<std::int64_t>(info.st_ino);
    signature[4] = info.st_size;
    signature[5] = nanoseconds(info.st_mtim);
  }
  return signature;
}

ReaderConnection::Wanted ReaderConnection::look() const {
  if (isThere(m_run / kPrivateDatabaseName)) {
    return {Mode::Immutable, signatureOf(true, false)};
  }
  if (!m_is_network && Clock::now() >= m_live_from && lockState(m_run, false).held) {
    return {Mode::Live, signatureOf(false, false)};
  }
  const bool has_wal = sizeOf(beside(m_file, "-wal")) > 0;
  return {has_wal ? Mode::Copied : Mode::Immutable, signatureOf(true, has_wal)};
}

void ReaderConnection::forget() {
  m_database.reset();
  m_copy.reset();
}

bool ReaderConnection::mayBeBetterAgain() const {
  return m_opened.mode != Mode::Copied || look() != m_opened;
}

/// What is open already serves.
bool ReaderConnection::mustStay(const Wanted& wanted) const {
  if (!m_database) {
    return false;
  }
  const bool is_copy_fresh =
      wanted.mode == Mode::Copied && m_copy && Clock::now() - m_copied_at < kCopyEvery;
  return wanted == m_opened || is_copy_fresh;
}

Expected<Database*, IoError> ReaderConnection::database() {
  Wanted wanted = look();
  if (mustStay(wanted)) {
    return &*m_database;
  }
  forget();
  if (!isThere(m_file)) {
    const bool is_shared = isThere(m_run / kPrivateDatabaseName);
    return Unexpected(IoError{
        m_file.string(),
        is_shared ? "The run's database is not published yet. Try again in a few seconds."
                  : "The run's database is missing. If the run was stopped in its first moment, "
                    "resuming it makes a new one."});
  }
  auto opened = open(wanted);
  if (!opened && wanted.mode == Mode::Live) {
    // Another user's folder without the right to use the writer's -shm: by copies for a while.
    m_live_from = Clock::now() + kLiveAgainAfter;
    wanted = look();
    forget();
    opened = open(wanted);
  }
  if (!opened) {
    forget();
    return Unexpected(opened.error());
  }
  m_opened = wanted;
  return &*m_database;
}

Expected<void, IoError> ReaderConnection::open(const Wanted& wanted) {
  if (wanted.mode == Mode::Copied) {
    if (auto copied = openCopy(); !copied) {
      return copied;
    }
  } else {
    auto opened = Database::open(m_file, {.is_read_only = true,
                                          .is_immutable = wanted.mode == Mode::Immutable,
                                          .busy_timeout_ms = kBusyTimeoutMs});
    if (!opened) {
      return Unexpected(opened.error().about(m_file));
    }
    m_database = std::move(*opened);
  }
  if (auto check = checkRunTables(*m_database, m_file); !check) {
    return check;
  }
  return checkFrozenExperiment(*m_database, m_file, m_experiment);
}

Expected<void, IoError> ReaderConnection::openCopy() {
  auto folder = TemporaryFolder::create();
  if (!folder) {
    return Unexpected(folder.error());
  }
  m_copy = std::move(*folder);
  m_copied_at = Clock::now();
  const fs::path copy = m_copy->path() / kDatabaseName;
  for (int attempt = 0; attempt < kCopyTries; ++attempt) {
    const Signature before = signatureOf(true, false);
    for (const char* suffix : {"", "-wal"}) {
      std::error_code error;
      fs::copy_file(beside(m_file, suffix), beside(copy, suffix),
                    fs::copy_options::overwrite_existing, error);
      if (error && error != std::errc::no_such_file_or_directory) {
        return Unexpected(systemError(beside(m_file, suffix),
                                      "The database cannot be copied to a temporary folder",
                                      error.value()));
      }
    }
    // A writer that moved rows from the -wal into the database meanwhile: once more.
    if (signatureOf(true, false) == before) {
      break;
    }
  }
  auto opened = Database::open(copy, {});
  if (!opened) {
    return Unexpected(opened.error().about(m_file));
  }
  m_database = std::move(*opened);
  return {};
}

}  // namespace anchorlens::core
