// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

/// A run as one file, to be sent or kept: a zip, stored, of its directory (docs/format_run.md).
namespace anchorlens::core {

inline constexpr const char* kArchiveSuffix = ".anchorrun";

/// Who waits: may stop it, and is told how far it is (0 to 1). Both may be empty.
struct ArchiveWatch {
  std::function<bool()> is_stopped;
  std::function<void(double share)> progress;
};

/// Writes a run into one file; also of a run that is being trained (as it is now) or that cannot be
/// written. All or nothing; at most 4 GiB.
Expected<void, IoError> packRun(const std::filesystem::path& run, const std::filesystem::path& file,
                                const ArchiveWatch& watch = {});

/// Whether the file begins as such an archive does.
bool looksLikeRunArchive(const std::filesystem::path& file);

/// Whether it is not there, or is an empty folder.
bool isFreeFolder(const std::filesystem::path& folder);

/// Makes the folder `run` (it must be free) from an archive. All or nothing: what is not a whole
/// run, has names that no run has, or wrong checksums is an error, and no folder is left.
Expected<void, IoError> unpackRun(const std::filesystem::path& file,
                                  const std::filesystem::path& run, const ArchiveWatch& watch = {});

/// Whether a path inside a run directory goes into its archive: "experiment.json", "run.sqlite",
/// "checkpoints/step-000001200.safetensors", "bookmarks.json".
bool belongsInArchive(std::string_view name);

}  // namespace anchorlens::core
