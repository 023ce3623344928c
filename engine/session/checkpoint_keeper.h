// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace anchorlens::engine {

/// Why a checkpoint was written: metadata key "kept".
enum class Kept : std::uint8_t {
  Always,  ///< by the record schedule, at the end, or because somebody asked: stays
  Latest,  ///< by time alone, so that little is lost by a crash: stays while among the last two
};

/// Removes checkpoints that were written by time alone once two newer ones are there. Without it
/// they would soon be most of a long run's bytes.
class CheckpointKeeper {
 public:
  static constexpr const char* kKey = "kept";
  static constexpr std::size_t kLatest = 2;

  static std::string text(Kept kept) { return kept == Kept::Always ? "always" : "latest"; }

  /// Takes over what is in a run that goes on at `step`.
  void adopt(const std::vector<core::CheckpointInfo>& checkpoints, std::int64_t step);
  /// A checkpoint of `step` is safely on the disk; older ones may go now.
  void written(const std::filesystem::path& run, std::int64_t step, Kept kept);

  /// Whether a checkpoint of `step` is there to stay.
  bool stays(std::int64_t step) const;

  /// What is there, ascending.
  std::vector<std::int64_t> steps() const;

 private:
  struct Entry {
    std::int64_t step = 0;
    Kept kept = Kept::Always;
  };
  std::vector<Entry> m_entries;  ///< ascending by step
};

}  // namespace anchorlens::engine
