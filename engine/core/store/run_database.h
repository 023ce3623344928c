// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/experiment.h"
#include "engine/core/store/sqlite.h"

#include <filesystem>
#include <string>

/// The tables of a run's database (docs/format_run.md, "Database").
namespace anchorlens::core {

inline constexpr int kRunApplicationId = 0x414C524E;  ///< "ALRN"
inline constexpr int kRunDatabaseVersion = 1;
/// Provenance: CRC-32 of experiment.json as it was frozen, eight hexadecimal digits.
inline constexpr const char* kExperimentChecksumKey = "experiment_crc32";

/// All tables, in one transaction: afterwards they are there, or nothing is.
SqlResult<void> createRunTables(Database& database);

/// True when nothing was ever created in it: its writer was killed before.
SqlResult<bool> isEmptyDatabase(Database& database);

/// That it is a run's database of this version with just our tables.
Expected<void, IoError> checkRunTables(Database& database, const std::filesystem::path& file);

/// The frozen experiment and the checksum of its bytes.
struct FrozenExperiment {
  ExperimentSpec spec;
  std::string checksum;
};
Expected<FrozenExperiment, IoError> readFrozenExperiment(const std::filesystem::path& run);

/// That experiment.json is the one that the database was made for.
Expected<void, IoError> checkFrozenExperiment(Database& database,
                                              const std::filesystem::path& database_file,
                                              const FrozenExperiment& experiment);

std::string experimentChecksum(std::string_view bytes);

}  // namespace anchorlens::core
