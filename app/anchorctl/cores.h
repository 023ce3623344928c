// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace anchorlens::ctl {

/// The cores that this process may use; at least one.
std::vector<int> allowedCores();

struct CoreOrder {
  std::vector<int> cores;    ///< one of each physical core first, then their siblings
  std::size_t physical = 0;  ///< physical cores among them
};

/// In the order in which runs should take them. Two cores are siblings (hardware threads of one
/// physical core) where Linux says so; where it says nothing each is its own.
CoreOrder siblingsLast(const std::vector<int>& cores,
                       const std::filesystem::path& topology = "/sys/devices/system/cpu");

/// Keeps the calling thread on a core; where that is not allowed it stays free. May be called
/// between fork and exec.
void pinTo(int core);

}  // namespace anchorlens::ctl
