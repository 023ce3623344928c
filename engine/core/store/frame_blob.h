// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/frame.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// A frame's arrays as bytes (docs/format_run.md, "Frames"): patterns and predictions, each array
/// with its name, type and shape, float32 without loss. Step, epoch, accuracy, loss and the head
/// scores have columns and a blob of their own.
namespace anchorlens::core {

std::vector<std::byte> encodeFrame(const Frame& frame);

/// Fills shown, mean and predictions of `frame`. Any bytes are safe; the error is a sentence. No
/// array may take more than 256 MiB.
Expected<void, std::string> decodeFrame(std::span<const std::byte> blob, Frame& frame);

}  // namespace anchorlens::core
