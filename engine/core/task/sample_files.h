// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/task/task.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

/// Samples of a task as files for other programs (docs/format_samples.md).
namespace anchorlens::core {

enum class SampleFormat { Csv, JsonLines, Npz };

/// By the end of the name: .csv, .jsonl or .npz.
std::optional<SampleFormat> sampleFormatOf(const std::filesystem::path& file);

/// What is drawn: of each split, one after the other, the first n sequences of `anchorctl sample`
/// with this seed.
struct SampleRequest {
  std::vector<Split> splits{Split::Train};
  std::int64_t n = 1000;
  std::uint64_t seed = 1;
  std::string stream = "sample";  ///< of the generator: "data/train" draws what makeDataset() does
  std::int64_t total() const { return n * static_cast<std::int64_t>(splits.size()); }
};

/// Called now and then with the number of sequences that are drawn.
using SampleProgress = std::function<void(std::int64_t)>;

/// Writes the file under a temporary name and renames it: one that was stopped or failed leaves
/// nothing. False: stopped. Memory does not grow with n (an NPZ file takes its size in temporary
/// space beside the file once more); equal inputs give equal bytes. At most 4 GiB as NPZ.
Expected<bool, IoError> writeSamples(const Task& task, const SampleRequest& request,
                                     SampleFormat format, const std::filesystem::path& file,
                                     const SampleProgress& progress = {},
                                     std::stop_token stop = {});

/// One sequence as `anchorctl sample --json` shows it: tokens, roles, reader, target, form, split,
/// group.
nlohmann::ordered_json sampleJson(const Task& task, const SequenceSet& set, std::size_t i);

/// "train", "test"
std::string splitName(Split split);
/// Of "train", "test" or "both".
std::vector<Split> splitsOf(std::string_view name);

}  // namespace anchorlens::core
