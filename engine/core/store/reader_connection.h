// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/store/run_database.h"
#include "engine/core/store/sqlite.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace anchorlens::core {

/// A folder for a moment, in the place for temporary files; removed with all that is in it.
class TemporaryFolder {
 public:
  static Expected<TemporaryFolder, IoError> create();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept;
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return m_path; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : m_path(std::move(path)) {}
  std::filesystem::path m_path;
};

/// A reader's connection to a run's database. It writes nothing into the run's folder, in no case:
///   live       a living writer on this host has it open in WAL mode: an ordinary connection, by
///              the writer's own -wal and -shm
///   immutable  nobody writes and there is no -wal, or an empty one; or it is a published copy,
///              which is only ever replaced as a whole
///   copied     a -wal with rows in it, and no writer: both are copied to a temporary folder
/// What is right may change at any time (a writer comes, ends, publishes): it is looked at before
/// every query.
class ReaderConnection {
 public:
  ReaderConnection(std::filesystem::path run, FrozenExperiment experiment);

  /// The database as it is now; opened again if need be. Valid until the next call.
  Expected<Database*, IoError> database();
  const std::filesystem::path& file() const { return m_file; }
  /// Opens anew at the next call.
  void forget();
  /// After an error: whether opening anew can help. A copy of the same files is as bad as the last.
  bool mayBeBetterAgain() const;

 private:
  enum class Mode { Live, Immutable, Copied };
  /// inode, size and modification time of database and -wal; 0 for what does not matter.
  using Signature = std::array<std::int64_t, 6>;
  struct Wanted {
    Mode mode = Mode::Immutable;
    Signature signature{};
    bool operator==(const Wanted&) const = default;
  };
  Wanted look() const;
  Signature signatureOf(bool with_contents, bool with_wal) const;
  Expected<void, IoError> open(const Wanted& wanted);
  Expected<void, IoError> openCopy();
  bool mustStay(const Wanted& wanted) const;

  std::filesystem::path m_run;
  std::filesystem::path m_file;
  FrozenExperiment m_experiment;
  bool m_is_network = false;
  std::chrono::steady_clock::time_point m_live_from{};
  std::optional<TemporaryFolder> m_copy;
  std::optional<Database> m_database;
  Wanted m_opened;
  std::chrono::steady_clock::time_point m_copied_at{};
};

}  // namespace anchorlens::core
