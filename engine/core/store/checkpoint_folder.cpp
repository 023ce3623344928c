// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/checkpoint_folder.h"

#include "engine/core/store/file_io.h"
#include "engine/core/store/run_place.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <system_error>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "step-";
constexpr std::string_view kSuffix = ".safetensors";
constexpr std::size_t kDigits = 9;

bool isOptimizer(std::string_view tensor_name) {
  return tensor_name.starts_with(kOptimizerPrefix);
}

struct StepFile {
  std::int64_t step = 0;
  fs::path file;
};

/// Every file that is named like a checkpoint, ascending.
std::vector<StepFile> stepFiles(const fs::path& run) {
  std::vector<StepFile> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(run / kCheckpointsName, ignored)) {
    if (const auto step = stepOfCheckpoint(entry.path().filename().string())) {
      files.push_back({*step, entry.path()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const StepFile& a, const StepFile& b) { return a.step < b.step; });
  return files;
}

}  // namespace

fs::path checkpointFile(const fs::path& run, std::int64_t step) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%09lld", static_cast<long long>(step));
  return run / kCheckpointsName / (std::string(kPrefix) + digits.data() + std::string(kSuffix));
}

std::optional<std::int64_t> stepOfCheckpoint(std::string_view file_name) {
  if (!file_name.starts_with(kPrefix) || !file_name.ends_with(kSuffix) ||
      file_name.size() < kPrefix.size() + kDigits + kSuffix.size()) {
    return {};
  }
  const std::string_view digits =
      file_name.substr(kPrefix.size(), file_name.size() - kPrefix.size() - kSuffix.size());
  std::int64_t step = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size() && step >= 0;
  return is_number ? std::optional(step) : std::nullopt;
}

bool hasOptimizerState(const TrainingSpec& training) {
  return training.optimizer != TrainingSpec::Optimizer::Sgd || training.momentum != 0.0;
}

bool hasOptimizerTensors(const Checkpoint& checkpoint) {
  return std::any_of(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                     [](const Tensor& tensor) { return isOptimizer(tensor.name); });
}

bool hasOptimizer(const Checkpoint& checkpoint, const TrainingSpec& training) {
  return !hasOptimizerState(training) || hasOptimizerTensors(checkpoint);
}

std::vector<CheckpointInfo> listCheckpoints(const fs::path& run, const TrainingSpec& training) {
  std::vector<CheckpointInfo> checkpoints;
  for (const StepFile& found : stepFiles(run)) {
    const auto shapes = readSafetensorsShapes(found.file);
    if (!shapes) {
      continue;
    }
    const bool has_optimizer =
        !hasOptimizerState(training) ||
        std::any_of(shapes->begin(), shapes->end(),
                    [](const TensorShape& shape) { return isOptimizer(shape.name); });
    checkpoints.push_back({found.step, found.file, has_optimizer});
  }
  return checkpoints;
}

Expected<void, IoError> checkStep(const fs::path& file, const Checkpoint& checkpoint) {
  const auto named = stepOfCheckpoint(file.filename().string());
  const auto found = checkpoint.metadata.find("step");
  const std::string step = found == checkpoint.metadata.end() ? "unknown" : found->second;
  if (named && step != std::to_string(*named)) {
    return Unexpected(IoError{file.string(), "says it is of step " + step + ", but its name says " +
                                                 std::to_string(*named)});
  }
  return {};
}

bool hasCheckpointFiles(const fs::path& run) {
  return !stepFiles(run).empty();
}

Expected<void, IoError> thinOptimizers(std::vector<CheckpointInfo>& checkpoints) {
  std::size_t seen = 0;
  for (auto info = checkpoints.rbegin(); info != checkpoints.rend(); ++info) {
    if (!info->has_optimizer || ++seen <= kCheckpointsWithOptimizer) {
      continue;
    }
    auto checkpoint = readSafetensors(info->file);
    if (!checkpoint) {
      return Unexpected(checkpoint.error());
    }
    auto& tensors = checkpoint->tensors;
    tensors.erase(std::remove_if(tensors.begin(), tensors.end(),
                                 [](const Tensor& tensor) { return isOptimizer(tensor.name); }),
                  tensors.end());
    if (auto written = writeSafetensors(info->file, *checkpoint); !written) {
      return written;
    }
    info->has_optimizer = false;
  }
  return {};
}

Expected<void, IoError> removeCheckpoints(const fs::path& run, const std::vector<fs::path>& files) {
  for (const fs::path& file : files) {
    std::error_code error;
    fs::remove(file, error);
    if (error) {
      return Unexpected(systemError(file, "The checkpoint cannot be removed", error.value()));
    }
  }
  return files.empty() ? Expected<void, IoError>() : syncFolder(run / kCheckpointsName);
}

Expected<void, IoError> removeCheckpointsAfter(const fs::path& run, std::int64_t step) {
  std::vector<fs::path> later;
  for (const StepFile& found : stepFiles(run)) {
    if (found.step > step) {
      later.insert(later.begin(), found.file);
    }
  }
  return removeCheckpoints(run, later);
}

}  // namespace anchorlens::core
