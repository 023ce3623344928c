// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"
#include "engine/core/task/task.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace anchorlens::core {

/// A file of samples that is being written. Destroyed without finish(), it leaves nothing. Private
/// to the sample files.
class SampleSink {
 public:
  SampleSink() = default;
  SampleSink(const SampleSink&) = delete;
  SampleSink& operator=(const SampleSink&) = delete;
  virtual ~SampleSink() = default;
  virtual Expected<void, IoError> add(const SequenceSet& set) = 0;
  /// Puts the file in its place; false when stopped before.
  virtual Expected<bool, IoError> finish(const std::stop_token& stop) = 0;
};

using OpenedSink = Expected<std::unique_ptr<SampleSink>, IoError>;
/// A line a sequence; `line` writes one.
using SampleLine = std::string (*)(const Task& task, const SequenceSet& set, std::size_t i);
OpenedSink openText(const Task& task, const std::filesystem::path& file, const std::string& header,
                    SampleLine line);
OpenedSink openNpz(const Task& task, const std::filesystem::path& file, std::int64_t n);

}  // namespace anchorlens::core
