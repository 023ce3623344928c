// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorctl/interrupt.h"
#include "engine/core/study.h"

#include <filesystem>

namespace anchorlens::ctl {

/// Trains members of a study to their ends in this process, as one fleet (engine::TrainerFleet):
/// each has a session and a thread of its own. An interruption ends all of them after the same
/// step, saved. What fails is said on standard error as "FOLDER/RUN: why", and does not keep the
/// others from being trained. Returns the exit code.
int trainTogether(const core::StudyPlan& members, const std::filesystem::path& folder,
                  bool is_shared, const Interrupt& interrupt);

}  // namespace anchorlens::ctl
