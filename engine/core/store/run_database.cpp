// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/run_database.h"

#include "engine/core/experiment_json.h"
#include "engine/core/store/crc32.h"
#include "engine/core/store/run_place.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

/// Name and text of each table. The texts are compared when a database is opened.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTables{{
    {"status",
     "CREATE TABLE status(id INTEGER PRIMARY KEY, state TEXT, step INTEGER, total_steps INTEGER, "
     "reason TEXT, updated REAL)"},
    {"provenance", "CREATE TABLE provenance(id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT)"},
    {"steps",
     "CREATE TABLE steps(step INTEGER PRIMARY KEY, loss REAL, grad_norm REAL, learning_rate REAL)"},
    {"evaluations",
     "CREATE TABLE evaluations(step INTEGER PRIMARY KEY, epoch REAL, learning_rate REAL, "
     "train_accuracy REAL, train_loss REAL, test_accuracy REAL, test_loss REAL)"},
    {"group_metrics",
     "CREATE TABLE group_metrics(step INTEGER, group_id INTEGER, n INTEGER, accuracy REAL, "
     "loss REAL, PRIMARY KEY(step, group_id)) WITHOUT ROWID"},
    {"frames",
     "CREATE TABLE frames(step INTEGER PRIMARY KEY, epoch REAL, probe_accuracy REAL, "
     "probe_loss REAL, arrays BLOB)"},
    {"scores", "CREATE TABLE scores(step INTEGER PRIMARY KEY, heads BLOB)"},
    {"events",
     "CREATE TABLE events(id INTEGER PRIMARY KEY, step INTEGER, kind TEXT, text TEXT, time REAL)"},
    {"task_roles", "CREATE TABLE task_roles(id INTEGER PRIMARY KEY, name TEXT)"},
    {"task_groups",
     "CREATE TABLE task_groups(id INTEGER PRIMARY KEY, name TEXT, split TEXT, kind TEXT, form "
     "INTEGER)"},
    {"shown_sequences",
     "CREATE TABLE shown_sequences(id INTEGER PRIMARY KEY, tokens TEXT, roles TEXT, answers TEXT, "
     "group_id INTEGER)"},
}};

IoError foreign(const fs::path& file, const std::string& why) {
  return {file.string(), "Not the database of an Anchorlens run: " + why + "."};
}

}  // namespace

SqlResult<void> createRunTables(Database& database) {
  std::string sql = "BEGIN IMMEDIATE;";
  for (const auto& [name, text] : kTables) {
    sql += std::string(text) + ";";
  }
  sql += "INSERT INTO status VALUES(1, 'created', 0, 0, '', " + std::to_string(unixTime()) + ");";
  sql += "PRAGMA application_id=" + std::to_string(kRunApplicationId) + ";";
  sql += "PRAGMA user_version=" + std::to_string(kRunDatabaseVersion) + ";";
  sql += "COMMIT";
  auto made = database.execute(sql);
  if (!made) {
    database.rollback();
  }
  return made;
}

SqlResult<bool> isEmptyDatabase(Database& database) {
  const auto objects = database.queryInteger("SELECT count(*) FROM sqlite_schema");
  if (!objects) {
    return Unexpected(objects.error());
  }
  const auto id = database.queryInteger("PRAGMA application_id");
  if (!id) {
    return Unexpected(id.error());
  }
  return *objects == 0 && *id == 0;
}

Expected<void, IoError> checkRunTables(Database& database, const fs::path& file) {
  const auto id = database.queryInteger("PRAGMA application_id");
  const auto version = database.queryInteger("PRAGMA user_version");
  if (!id || !version) {
    return Unexpected((id ? version.error() : id.error()).about(file));
  }
  const auto is_empty = isEmptyDatabase(database);
  if (is_empty && *is_empty) {
    return Unexpected(foreign(file, "it is empty"));
  }
  if (*id != kRunApplicationId) {
    return Unexpected(foreign(file, "its application id is " + std::to_string(*id) + ", not " +
                                        std::to_string(kRunApplicationId)));
  }
  if (*version > kRunDatabaseVersion) {
    return Unexpected(IoError{
        file.string(), "The database has version " + std::to_string(*version) +
                           ", this program reads versions up to " +
                           std::to_string(kRunDatabaseVersion) + ". A newer Anchorlens wrote it."});
  }
  if (*version < 1) {
    return Unexpected(foreign(file, "its version is " + std::to_string(*version)));
  }
  auto find = database.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?");
  if (!find) {
    return Unexpected(find.error().about(file));
  }
  for (const auto& [name, text] : kTables) {
    find->bind(1, name);
    const auto row = find->step();
    if (!row) {
      return Unexpected(row.error().about(file));
    }
    if (!*row || find->text(0) != text) {
      return Unexpected(foreign(
          file, "its table " + std::string(name) + (*row ? " has other columns" : " is missing")));
    }
    find->reset();
  }
  return {};
}

std::string experimentChecksum(std::string_view bytes) {
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", crc32(0, std::as_bytes(std::span(bytes))));
  return digits.data();
}

Expected<FrozenExperiment, IoError> readFrozenExperiment(const fs::path& run) {
  constexpr std::uintmax_t kLongest = 64U << 20;
  const fs::path file = run / kExperimentName;
  std::error_code ignored;
  if (!fs::is_directory(run, ignored)) {
    return Unexpected(IoError{run.string(), isThere(run)
                                                ? "Not an Anchorlens run: this is no folder."
                                                : "There is no folder of this name."});
  }
  if (!isThere(file)) {
    return Unexpected(IoError{run.string(), "Not an Anchorlens run: experiment.json is missing."});
  }
  if (!fs::is_regular_file(file, ignored) || sizeOf(file) > kLongest) {
    return Unexpected(IoError{file.string(), "Not an Anchorlens run: this is no experiment file."});
  }
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) {
    return Unexpected(IoError{file.string(), "The file cannot be read."});
  }
  auto spec = parseExperiment(bytes);
  if (!spec) {
    const SpecError& first = spec.error().front();
    std::string message = "The run's experiment cannot be read: ";
    message += first.pointer.empty() ? "" : first.pointer + ": ";
    message += first.message;
    if (spec.error().size() > 1) {
      message += " (and " + std::to_string(spec.error().size() - 1) + " more)";
    }
    return Unexpected(IoError{file.string(), message});
  }
  return FrozenExperiment{std::move(*spec), experimentChecksum(bytes)};
}

Expected<void, IoError> checkFrozenExperiment(Database& database, const fs::path& database_file,
                                              const FrozenExperiment& experiment) {
  const auto recorded = database.queryText("SELECT value FROM provenance WHERE key = '" +
                                           std::string(kExperimentChecksumKey) + "'");
  if (!recorded) {
    return Unexpected(recorded.error().about(database_file));
  }
  if (!recorded->empty() && *recorded != experiment.checksum) {
    return Unexpected(
        IoError{(database_file.parent_path() / kExperimentName).string(),
                "The experiment was changed after the run began: its checksum is " +
                    experiment.checksum + ", the run was made with " + *recorded +
                    ". Restore the file, or save it elsewhere and train it as a new run."});
  }
  return {};
}

}  // namespace anchorlens::core
