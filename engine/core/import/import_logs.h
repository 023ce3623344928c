// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/import/import_plan.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace anchorlens::core {

/// The logs of the paper's code in RUN/loss, .npy files: losses of every epoch, and accuracies of
/// those epochs that another file names. Epoch e, counted from 0, has ended at step
/// (e + 1) * steps_per_epoch. Files that are not there are left out.
Expected<std::vector<ImportedLogRow>, IoError> readPaperLogs(const std::filesystem::path& run,
                                                             std::int64_t steps_per_epoch);

}  // namespace anchorlens::core
