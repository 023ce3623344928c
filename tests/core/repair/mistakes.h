// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment_json.h"

#include <functional>
#include <string>
#include <vector>

/// Mistakes that a person makes, each as a change of a preset. What is said of them, and what
/// repairs them, is in tests/data/mistakes.txt under the same names.
namespace anchorlens::test {

struct Mistake {
  const char* name;
  const char* preset;
  std::function<void(core::ExperimentSpec&)> change;
};

std::vector<Mistake> taskMistakes();
std::vector<Mistake> textMistakes();
std::vector<Mistake> ruleMistakes();
std::vector<Mistake> partMistakes();

}  // namespace anchorlens::test
