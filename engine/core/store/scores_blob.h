// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/scores.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// The head scores of one frame as bytes (docs/format_run.md, "Head scores"), exact to the last
/// bit. What is the same for all heads (chances, roles) is stored once, a lift that follows from
/// mass and chance not at all.
namespace anchorlens::core {

std::vector<std::byte> encodeScores(std::span<const HeadScores> heads);

/// Any bytes are safe; the error is a sentence.
Expected<std::vector<HeadScores>, std::string> decodeScores(std::span<const std::byte> blob);

/// The columns' names in the order of the file, for `n_rows` task rows and `n_broadcasts` sources.
std::vector<std::string> scoreColumns(std::size_t n_rows, std::size_t n_broadcasts,
                                      bool with_lifts);

}  // namespace anchorlens::core
