// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/writer_database.h"

#include "engine/core/store/file_io.h"
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPublishEvery = std::chrono::seconds(3);
/// Copying takes at most a twentieth of the time.
constexpr int kPublishShare = 20;

void removeSideFiles(const fs::path& database) {
  std::error_code ignored;
  for (const char* suffix : {"-wal", "-shm", "-journal"}) {
    fs::remove(beside(database, suffix), ignored);
  }
}

}  // namespace

bool WriterDatabase::wasShared(const fs::path& run) {
  return isThere(run / kPrivateDatabaseName);
}

Expected<WriterDatabase, IoError> WriterDatabase::open(const fs::path& run, bool is_shared,
                                                       bool may_create) {
  WriterDatabase result;
  result.m_run = run;
  result.m_is_shared = is_shared;
  result.m_file = run / (is_shared ? kPrivateDatabaseName : kDatabaseName);
  if (is_shared && !wasShared(run) && isThere(run / kDatabaseName)) {
    if (auto copied = result.copyFromLocal(); !copied) {
      return Unexpected(copied.error());
    }
  }
  if (auto connected = result.connect(may_create); !connected) {
    return Unexpected(connected.error());
  }
  return result;
}

Expected<void, IoError> WriterDatabase::connect(bool may_create) {
  if (!may_create && !isThere(m_file)) {
    return Unexpected(IoError{m_file.string(), "The run's database is missing."});
  }
  auto opened = Database::open(m_file, {.may_create = may_create, .has_no_locks = m_is_shared});
  if (!opened) {
    return Unexpected(opened.error().about(m_file));
  }
  m_database = std::move(*opened);
  const auto is_empty = isEmptyDatabase(*m_database);
  if (!is_empty) {
    return Unexpected(is_empty.error().about(m_file));
  }
  m_is_new = may_create && *is_empty;
  // Checked before anything is set: a file of somebody else stays as it is.
  if (!m_is_new) {
    if (auto check = checkRunTables(*m_database, m_file); !check) {
      return check;
    }
  }
  auto ready = configure();
  if (ready && m_is_new) {
    ready = createRunTables(*m_database);
  }
  return ready ? Expected<void, IoError>() : Unexpected(ready.error().about(m_file));
}

SqlResult<void> WriterDatabase::configure() {
  // WAL needs memory that is shared between processes, which network file systems have not.
  return m_database->execute(m_is_shared ? "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=NORMAL"
                                         : "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                                           "PRAGMA wal_autocheckpoint=4000");
}

Expected<void, IoError> WriterDatabase::transact(
    const std::function<SqlResult<void>(Database&)>& insert, bool is_synced) {
  if (const int fault = writeFault(m_file); fault != 0) {
    return Unexpected(systemError(m_file, "The database cannot be written", fault));
  }
  if (!m_database) {
    if (auto connected = connect(false); !connected) {
      return connected;
    }
  }
  auto done = m_database->execute(is_synced ? "PRAGMA synchronous=FULL; BEGIN IMMEDIATE"
                                            : "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE");
  if (done) {
    done = insert(*m_database);
  }
  if (done) {
    done = m_database->execute("COMMIT");
  }
  if (!done) {
    m_database->rollback();
    if (!done.error().isDiskFull()) {
      m_database.reset();  // after an input or output error nothing is trusted but the file
    }
    return Unexpected(done.error().about(m_file));
  }
  m_has_changed = true;
  return {};
}

/// Puts a whole copy in the place of `target`, on the disk when this returns.
Expected<void, IoError> WriterDatabase::putCopy(Database& source, const fs::path& target) const {
  const fs::path temporary = temporaryName(target);
  const auto copy = [&]() -> Expected<void, IoError> {
    // Page by page would copy the WAL mode too, which the copy is not to have.
    auto vacuum = source.prepare("VACUUM INTO ?");
    auto done = vacuum ? vacuum->bind(1, temporary.native()).run() : Unexpected(vacuum.error());
    if (!done) {
      return Unexpected(done.error().about(target));
    }
    const FileDescriptor fd(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.isOpen() || ::fsync(fd.get()) != 0) {
      return Unexpected(systemError(target, "The database cannot be written to the disk", errno));
    }
    if (std::rename(temporary.c_str(), target.c_str()) != 0) {
      return Unexpected(systemError(target, "The database cannot be put in its place", errno));
    }
    return syncFolder(m_run);
  };
  auto done = copy();
  if (!done) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    removeSideFiles(temporary);
  }
  return done;
}

/// A run of a local disk that is to be shared from now on.
Expected<void, IoError> WriterDatabase::copyFromLocal() const {
  const fs::path local = m_run / kDatabaseName;
  auto source = Database::open(local, {});
  if (!source) {
    return Unexpected(source.error().about(local));
  }
  if (auto check = checkRunTables(*source, local); !check) {
    return check;
  }
  return putCopy(*source, m_file);
}

Expected<void, IoError> WriterDatabase::publish(bool now) {
  if (!m_is_shared || !m_has_changed || !m_database || (!now && Clock::now() < m_next_publish)) {
    return {};
  }
  const auto begin = Clock::now();
  auto done = writePublished();
  const auto end = Clock::now();
  m_next_publish = end + std::max<Clock::duration>(kPublishEvery, (end - begin) * kPublishShare);
  m_has_changed = m_has_changed && !done;
  return done;
}

Expected<void, IoError> WriterDatabase::writePublished() {
  const fs::path published = m_run / kDatabaseName;
  if (const int fault = writeFault(published); fault != 0) {
    return Unexpected(systemError(published, "The database cannot be published", fault));
  }
  if (auto put = putCopy(*m_database, published); !put) {
    return put;
  }
  removeSideFiles(published);  // of the time when the run was on a local disk
  return {};
}

void WriterDatabase::close() {
  if (!m_database) {
    return;
  }
  if (!m_is_shared) {
    // What cannot be done here is only tidying: readers take the database as it is.
    [[maybe_unused]] auto ignored = m_database->execute("PRAGMA wal_checkpoint(TRUNCATE)");
    ignored = m_database->execute("PRAGMA journal_mode=DELETE");
  }
  m_database.reset();
}

}  // namespace anchorlens::core
