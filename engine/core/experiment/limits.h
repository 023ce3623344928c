// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Bounds of the experiment file's numbers (docs/format.md). Generous: they keep sizes from
/// overflowing and typing errors from taking a machine's memory.
namespace anchorlens::core::limits {

inline constexpr std::int64_t kToken = 65535;
inline constexpr std::int64_t kVocabulary = kToken + 1;
inline constexpr std::int64_t kLength = 1024;  ///< seq_len, n_ctx
inline constexpr std::int64_t kSequences = 10'000'000;
inline constexpr std::int64_t kLayers = 64;
inline constexpr std::int64_t kHeads = 64;
inline constexpr std::int64_t kModelWidth = 8192;
inline constexpr std::int64_t kHeadWidth = 1024;
inline constexpr std::int64_t kMlpWidth = 32768;
inline constexpr std::int64_t kSteps = 1'000'000'000;
inline constexpr std::int64_t kBatch = 1'000'000;
inline constexpr std::int64_t kProbe = 65536;
inline constexpr std::int64_t kShown = 1024;
/// Largest integer that every JSON reader keeps exactly: 2^53 - 1.
inline constexpr std::int64_t kSeed = 9'007'199'254'740'991;
inline constexpr std::int64_t kTextBytes = 1000;
inline constexpr std::int64_t kListItems = 10'000;

}  // namespace anchorlens::core::limits
