// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "engine/session.h"

#include <string>

namespace anchorlens::engine {

/// "2026-03-01T12:00:00Z"
std::string utcNow();
/// The processor's name as the system tells it; "unknown" when it does not.
std::string cpuName();

/// Where the numbers of a run come from: version, commit, LibTorch, device, kernel, threads, seeds,
/// processor and time. docs/format.md lists the keys.
core::Provenance provenanceOf(const core::ExperimentSpec& spec, const EngineInfo& engine,
                              const Trainer& trainer);

}  // namespace anchorlens::engine
