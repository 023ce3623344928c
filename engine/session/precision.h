// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/experiment.h"

#include <optional>
#include <string>

/// Where the precisions train: with the instructions for them, and nowhere else. An experiment that
/// asks for one is right on every machine, as one that asks for a GPU is. Nothing of Torch is
/// opened.
namespace anchorlens::engine {

struct CpuBFloat16 {
  bool avx512 = false;  ///< AVX512_BF16
  bool amx = false;     ///< AMX-BF16
};
/// What the processor has and the system lets programs use.
CpuBFloat16 cpuBFloat16();

/// What is missing, one sentence without its full stop; empty where nothing is. `device` as in an
/// experiment; one that is not there is another problem's.
std::optional<std::string> whyNoBFloat16(const std::string& device);
std::optional<std::string> whyNoTf32(const std::string& device);

/// Why the experiment's precision cannot be trained in here, at its field.
std::optional<core::SpecError> precisionProblem(const core::TrainingSpec& training);

}  // namespace anchorlens::engine
