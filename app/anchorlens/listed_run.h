// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <map>
#include <optional>

namespace anchorlens::app {

/// What of a run the list of runs decides: what steps of undo change.
struct ListedRun {
  QString name;
  int colour = 0;         ///< index into the run palette
  std::size_t place = 0;  ///< in the list, the oldest first
  bool operator==(const ListedRun&) const = default;
};
/// By directory.
using ListedRuns = std::map<QString, ListedRun>;

/// One run of the list before or after a step; not `listed` where it was not in it.
struct RunEntry {
  QString directory;
  std::optional<ListedRun> listed;
  bool operator==(const RunEntry&) const = default;
};

}  // namespace anchorlens::app
