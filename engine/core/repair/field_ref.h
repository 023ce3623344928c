// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "engine/core/experiment/rules.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anchorlens::core {

/// A field of an experiment that holds one number or text, found by its JSON pointer.
struct FieldRef {
  std::variant<std::monostate, int*, std::int64_t*, std::uint64_t*, double*, std::string*> value;
  IntegerRule integer;               ///< of the integers
  NumberRule number;                 ///< of a double
  std::vector<std::string> choices;  ///< of a text that is one of a few words
  bool isFound() const { return value.index() != 0; }
};

/// monostate when there is no such field in this experiment, or it is a list, a switch or a choice.
FieldRef fieldAt(ExperimentSpec& spec, const std::vector<std::string>& steps);

}  // namespace anchorlens::core
