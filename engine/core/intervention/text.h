// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/intervention.h"

#include <string>
#include <vector>

/// Parts of the sentences, and one step of inEffect().
namespace anchorlens::core {

/// As few digits as read back to the same number.
std::string shortNumber(double number);
std::string weightsText(const std::vector<double>& weights, const char* between);
std::string headName(const HeadRef& head);                 ///< "L1 H0"
std::string partName(Intervention::Part part, int layer);  ///< "MLP of layer 1"

/// What holds once this change acts, too.
void apply(const Intervention& change, InEffect& now);

}  // namespace anchorlens::core
