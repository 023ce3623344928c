// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <string>

namespace anchorlens::engine {

/// The processor's name as the system tells it; "unknown" when it does not.
std::string cpuName();

/// Where the numbers of a run come from: version, commit, LibTorch, device, kernel, threads, seeds
/// and processor; docs/format_run.md lists the keys.
core::Provenance provenanceOf(const core::ExperimentSpec& spec, const EngineInfo& engine,
                              const Trainer& trainer);

}  // namespace anchorlens::engine
