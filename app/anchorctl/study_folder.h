// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/store/run_lock.h"
#include "engine/core/study.h"

#include <filesystem>

namespace anchorlens::ctl {

/// Makes the folder and freezes the study in it. One that holds the same study already is taken as
/// it is; another study, or other files, are refused. kDone, or the exit code of what is printed.
int prepareStudyFolder(const std::filesystem::path& folder, const core::StudySpec& study);

/// The lock of a prepared folder, or the exit code of what is printed: kBadInput where another
/// sweep has it.
core::Expected<core::RunLock, int> lockStudyFolder(const std::filesystem::path& folder,
                                                   bool is_shared);

}  // namespace anchorlens::ctl
