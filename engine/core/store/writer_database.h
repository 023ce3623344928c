// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/store/run_database.h"
#include "engine/core/store/sqlite.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>

namespace anchorlens::core {

/// The writer's connection. On a local disk it is RUN/run.sqlite in WAL mode; on a network file
/// system it is RUN/run.writer.sqlite, which nobody else opens, and run.sqlite is a copy that is
/// put there whole by rename.
class WriterDatabase {
 public:
  /// Opens or makes the database. The caller holds the run's lock. `may_create`: there is nothing
  /// in the run yet that a new, empty database could contradict.
  static Expected<WriterDatabase, IoError> open(const std::filesystem::path& run, bool is_shared,
                                                bool may_create);
  /// Whether the run was made for readers on other hosts.
  static bool wasShared(const std::filesystem::path& run);

  WriterDatabase(WriterDatabase&&) noexcept = default;
  WriterDatabase& operator=(WriterDatabase&&) noexcept = default;

  const std::filesystem::path& file() const { return m_file; }
  /// True when the database was made by this open().
  bool isNew() const { return m_is_new; }
  Database& database() { return *m_database; }

  /// One transaction around `insert`; `is_synced`: on the disk when this returns. After an error
  /// nothing of it is there, and the next call opens the database again if it must.
  Expected<void, IoError> transact(const std::function<SqlResult<void>(Database&)>& insert,
                                   bool is_synced);

  /// Puts a copy in place for readers, if the run is shared and (unless `now`) it is due.
  Expected<void, IoError> publish(bool now);

  /// Leaves a single plain file behind, if no reader is in the way.
  void close();

 private:
  WriterDatabase() = default;
  Expected<void, IoError> connect(bool may_create);
  SqlResult<void> configure();
  Expected<void, IoError> copyFromLocal() const;
  Expected<void, IoError> putCopy(Database& source, const std::filesystem::path& target) const;
  Expected<void, IoError> writePublished();

  std::filesystem::path m_run;
  std::filesystem::path m_file;
  bool m_is_shared = false;
  bool m_is_new = false;
  bool m_has_changed = true;  ///< since the last published copy
  std::optional<Database> m_database;
  std::chrono::steady_clock::time_point m_next_publish{};
};

}  // namespace anchorlens::core
