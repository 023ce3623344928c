// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

/// The meaning of a task once more, slow and straight from the definitions: expands every gap and
/// every order of blocks, and works on names. Shares the parser with the engine, nothing else.
namespace anchorlens::test {

struct BruteReading {
  int form = 0;
  std::map<std::string, int> values;  ///< "x", "A" -> token
  std::map<std::string, int> firsts;  ///< first place
  std::vector<std::string> roles;     ///< "noise", "anchor:3", "key:x"
};

/// Every way to read the tokens.
std::vector<BruteReading> bruteReadings(const core::TaskSpec& spec,
                                        std::span<const std::int32_t> tokens);

/// Answers and their probabilities; empty where there is none or a tie.
std::map<std::int64_t, double> bruteAnswers(const core::TaskSpec& spec, const BruteReading& reading,
                                            bool is_taught);

/// By any rule of a kind: on keys (residue, keys, predicate), or on anchors and lengths.
bool bruteKeysHeld(const core::TaskSpec& spec, const BruteReading& reading);
bool bruteCombinationHeld(const core::TaskSpec& spec, const BruteReading& reading);

}  // namespace anchorlens::test
