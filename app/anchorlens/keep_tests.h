// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/session/causal_record.h"

#include <QString>

#include <filesystem>
#include <vector>

namespace anchorlens::app {

/// Keeps causal tests in their run; says why where they are not. Empty: they are.
inline QString keepInRun(const std::filesystem::path& run,
                         const std::vector<engine::CausalRecord>& records, const core::Task& task) {
  const auto kept = engine::keepCausalTests(run, records, task);
  return kept ? QString() : QString::fromStdString(kept.error().text());
}

}  // namespace anchorlens::app
