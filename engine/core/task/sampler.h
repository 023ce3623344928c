// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/random.h"
#include "engine/core/task/noise_source.h"
#include "engine/core/task/plan.h"

#include <cstdint>

/// Draws sequences. Private to the task.
namespace anchorlens::core {

/// One sequence after another from a pool; keeps the last one's reading.
///
/// A draw: cell, combination of anchors and placement; then keys and noise until the answer is
/// determined (placement and anchors stay, so that they keep their probabilities); all of it again
/// until the sequence lies on the side of the held-out rules that the pool wants.
class Sampler {
 public:
  Sampler(const TaskPlan& plan, Random& random);

  /// Anchors, keys and placement, and the tokens. Throws std::runtime_error when nothing in the
  /// pool can be found: compiling makes sure that there is something.
  /// Shape: tokens [seq_len] or null (then nothing is written and ambiguity is not looked for).
  void draw(const Pool& pool, std::int32_t* tokens);

  /// Whether anything in a pool can be drawn at all, by a few hundred tries.
  bool canDraw(const Pool& pool, std::int32_t* tokens);

  /// Whether some keys and noise give one answer, with these anchors in this place.
  bool canPlace(const Cell& cell, int combination, int placement, std::int32_t* tokens);

  const Cell& cell() const { return *m_cell; }
  const FormPlan& form() const { return *m_form; }
  const Reading& reading() const { return m_reading; }
  const Placement& placement() const { return m_placement; }
  bool areKeysHeldOut() const { return m_is_held; }

  /// Draws into row i of a set: everything but the answers.
  void drawRow(const Pool& pool, SequenceSet& set, std::size_t i);
  /// The answers of the last drawn sequence, as its split teaches or tests them.
  void appendAnswers(Split split, SequenceSet& set) const;

 private:
  void pickCell(const Pool& pool);
  void enterCell(const Cell& cell);
  void setAnchors(int combination);
  bool isDead() const;
  bool drawKeysWithAnswer();
  bool drawDetermined(std::int32_t* tokens);
  bool drawKeys();
  bool drawTokens(std::int32_t* tokens);
  bool separateCues(std::int32_t* tokens);
  std::int32_t target(Split split);
  std::size_t answerIndex() const;

  const TaskPlan& m_plan;
  Random& m_random;
  NoiseSource m_noise;
  Reading m_reading;
  Placement m_placement;
  Placements::Scratch m_scratch;
  const Cell* m_cell = nullptr;
  const FormPlan* m_form = nullptr;
  std::uint8_t m_allowed = 0;
  bool m_is_held = false;
};

/// Shape of a set of n sequences, zeroed.
SequenceSet emptySet(int seq_len, std::size_t n);

}  // namespace anchorlens::core
