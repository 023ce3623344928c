// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// Names in a run directory, and what kind of place it is.
namespace anchorlens::core {

inline constexpr const char* kExperimentName = "experiment.json";
inline constexpr const char* kDatabaseName = "run.sqlite";
/// The writer's own database on a network file system; run.sqlite is then a published copy.
inline constexpr const char* kPrivateDatabaseName = "run.writer.sqlite";
inline constexpr const char* kCheckpointsName = "checkpoints";
inline constexpr const char* kLockName = "lock";

/// "run.sqlite-wal", "run.sqlite-shm", "run.sqlite-journal"
std::filesystem::path beside(const std::filesystem::path& database, std::string_view suffix);

/// By the kind that the kernel names (NFS, SMB, Lustre, FUSE, ...): there SQLite's WAL mode and
/// locks do not work between hosts.
bool isNetworkFileSystem(const std::filesystem::path& folder);
bool isNetworkKind(std::uint64_t statfs_type);

bool isThere(const std::filesystem::path& path);
/// 0 when it is not there.
std::uintmax_t sizeOf(const std::filesystem::path& file);

/// Seconds since 1970, UTC.
double unixTime();
/// "2024-05-01T12:00:00Z"
std::string utcText(double unix_time);

}  // namespace anchorlens::core
