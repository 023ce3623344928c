// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/analysis/matrix.h"
#include "engine/core/task/task.h"

#include <cstdint>
#include <vector>

/// Principal components of the token embedding (docs/circuits.md).
namespace anchorlens::core::analysis {

/// What a token is for the task. A token that is several things is the first of these.
enum class TokenUse : std::uint8_t { Anchor, Key, Noise, Answer, Unused };

/// Of every token, [d_vocab]. Answer: never in a sequence, but in the range of the answers.
std::vector<TokenUse> tokenUses(const Task& task);

/// Tokens that the task uses in some way, ascending; all when it uses fewer than three.
std::vector<std::int64_t> usedTokens(const std::vector<TokenUse>& uses);

inline constexpr int kComponents = 2;

/// Directions of largest variance.
///
/// Shape:
///   mean:  [d_model]
///   axes:  [kComponents, d_model], unit length; zeros where the tokens have fewer directions
///   share: [kComponents], share of the variance
struct PcaAxes {
  std::vector<double> mean;
  Matrix axes;
  std::vector<double> share;
  std::int64_t tokens = 0;  ///< that they were found from
};

/// From the rows of `embedding` that `tokens` names. Signs are those of firstSigns.
PcaAxes pcaAxes(const Matrix& embedding, const std::vector<std::int64_t>& tokens);

/// The component of each axis that is largest in magnitude (the first of equal ones) is positive.
void firstSigns(PcaAxes& axes);
/// An axis that points away from that of the checkpoint before is turned round: pictures of a scrub
/// do not flip.
void keepSigns(PcaAxes& axes, const PcaAxes& before);

/// (rows - mean) axesᵀ; tokens that the axes were not found from have a place, too.
///
/// Shape:
///   returns: [d_vocab, kComponents]
Matrix pcaCoordinates(const Matrix& embedding, const PcaAxes& axes);

}  // namespace anchorlens::core::analysis
