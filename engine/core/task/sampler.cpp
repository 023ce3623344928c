// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/sampler.h"

#include "engine/core/task/enumerate.h"
#include "engine/core/task/key_test.h"
#include "engine/core/task/matcher.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>

namespace anchorlens::core {
namespace {

constexpr int kMostRedraws = 200;                 ///< of keys and noise in one placement
constexpr std::int64_t kMostTries = 200'000'000;  ///< for one sequence

}  // namespace

Sampler::Sampler(const TaskPlan& plan, Random& random)
    : m_plan(plan), m_random(random), m_noise(plan.noise) {}

// These have one caller each; gcc leaves them out of line, which costs a tenth of the speed.
#define ANCHORLENS_HOT [[gnu::always_inline]] inline

/// What stays the same while the cell does.
ANCHORLENS_HOT void Sampler::enterCell(const Cell& cell) {
  if (m_cell == &cell) {
    return;
  }
  m_cell = &cell;
  m_form = &m_plan.forms[at(cell.form)];
  m_reading.form = cell.form;
  m_reading.length = cell.length;
  for (const int literal : m_form->literals) {
    m_reading.values[at(literal)] = m_form->symbols[at(literal)].domain.min();
  }
}

ANCHORLENS_HOT void Sampler::setAnchors(int combination) {
  m_reading.combination = combination;
  const auto& variables = m_form->combinations.variables;
  const std::int32_t* values = m_form->combinations.of(combination);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    m_reading.values[at(variables[i])] = values[i];
  }
}

ANCHORLENS_HOT void Sampler::pickCell(const Pool& pool) {
  const Pool::Part* part = pool.parts.data();
  if (pool.parts.size() > 1) {
    const double wanted = m_random.uniform() * pool.weight;
    const Pool::Part* last = part + pool.parts.size() - 1;
    while (part != last && part->cumulative <= wanted) {
      ++part;
    }
  }
  enterCell(m_plan.cells[at(part->cell)]);
  const std::size_t n = part->combinations.size();
  const std::size_t place = n == 1 ? 0 : m_random.below(static_cast<std::uint32_t>(n));
  m_allowed = part->allowed[place];
  setAnchors(part->combinations[place]);
}

ANCHORLENS_HOT bool Sampler::drawKeys() {
  for (const KeyDraw& key : m_form->key_draws) {
    std::int64_t value = key.tokens[key.size == 1 ? 0 : m_random.below(key.size)];
    if (key.is_shifted) {
      value += m_placement.firsts[key.symbol];
    }
    m_reading.values[at(key.symbol)] = value;
  }
  if (!m_form->can_fail) {
    return true;
  }
  std::int64_t value = 0;
  Outcomes outcomes;
  const std::int64_t* values = m_reading.values.data();
  const Status status = m_form->is_stochastic
                            ? m_plan.operations.outcomes(m_form->target, values, outcomes)
                            : m_plan.operations.value(m_form->target, values, value);
  return status == Status::Ok;
}

bool Sampler::separateCues(std::int32_t* tokens) {
  for (int i = 0; i < m_cell->length; ++i) {
    if (m_placement.roles[i] != 0) {
      continue;
    }
    int tries = 0;
    const auto isCue = [&](int cue) { return m_reading.values[at(cue)] == tokens[i]; };
    while (std::any_of(m_form->cues.begin(), m_form->cues.end(), isCue)) {
      if (++tries > kMostRedraws) {
        return false;
      }
      tokens[i] = m_noise.draw(m_random);
    }
  }
  return true;
}

ANCHORLENS_HOT bool Sampler::drawTokens(std::int32_t* tokens) {
  m_noise.fill(tokens, m_cell->length, m_random);
  const int* symbols = m_form->occurrences.data();
  const std::size_t n = m_form->occurrences.size();
  for (std::size_t i = 0; i < n; ++i) {
    tokens[m_placement.positions[i]] = static_cast<std::int32_t>(m_reading.values[at(symbols[i])]);
  }
  return m_form->cues.empty() || separateCues(tokens);
}

bool Sampler::isDead() const {
  const auto& dead = m_cell->is_dead;
  return !dead.empty() && dead[at(m_reading.combination) * at(m_cell->placements.tableSize()) +
                               at(m_placement.index)] != 0;
}

ANCHORLENS_HOT bool Sampler::drawKeysWithAnswer() {
  int redraws = 0;
  while (!drawKeys()) {
    if (++redraws == kMostRedraws) {
      return false;
    }
  }
  return true;
}

bool Sampler::drawDetermined(std::int32_t* tokens) {
  for (int redraws = 0; redraws < kMostRedraws; ++redraws) {
    if (drawKeys() && drawTokens(tokens) && isDetermined(m_plan, {tokens, at(m_cell->length)})) {
      return true;
    }
  }
  return false;
}

bool Sampler::canPlace(const Cell& cell, int combination, int placement, std::int32_t* tokens) {
  enterCell(cell);
  setAnchors(combination);
  m_placement = cell.placements[placement];
  return drawDetermined(tokens);
}

void Sampler::draw(const Pool& pool, std::int32_t* tokens) {
  for (std::int64_t tries = 0; tries < kMostTries; ++tries) {
    pickCell(pool);
    m_placement = m_cell->placements.draw(m_random, m_scratch);
    const bool is_checked = m_form->can_overlap && tokens != nullptr;
    if (is_checked && isDead()) {
      continue;
    }
    if (!(is_checked ? drawDetermined(tokens) : drawKeysWithAnswer())) {
      continue;  // nothing fits this placement
    }
    m_is_held = areKeysHeld(m_plan, *m_form, m_reading.values.data(), m_placement.firsts);
    if (((m_allowed >> (m_is_held ? 1 : 0)) & 1) == 0) {
      continue;
    }
    if (is_checked || tokens == nullptr || drawTokens(tokens)) {
      return;
    }
  }
  throw std::runtime_error("No sequence of the wanted split was found in " +
                           std::to_string(kMostTries) + " draws.");
}

bool Sampler::canDraw(const Pool& pool, std::int32_t* tokens) {
  constexpr int kMostKeys = 1'000'000;  // until the keys lie on the wanted side of the rules
  constexpr int kMostChecks = 400;
  for (int keys = 0, checks = 0; keys < kMostKeys && checks < kMostChecks; ++keys) {
    pickCell(pool);
    m_placement = m_cell->placements.draw(m_random, m_scratch);
    if (!drawKeys()) {
      continue;
    }
    m_is_held = areKeysHeld(m_plan, *m_form, m_reading.values.data(), m_placement.firsts);
    if (((m_allowed >> (m_is_held ? 1 : 0)) & 1) == 0) {
      continue;
    }
    ++checks;
    if (drawTokens(tokens) && isDetermined(m_plan, {tokens, at(m_cell->length)})) {
      return true;
    }
  }
  return false;
}

ANCHORLENS_HOT std::size_t Sampler::answerIndex() const {
  std::int64_t index = std::int64_t{m_reading.combination} * m_form->table_stride;
  for (std::size_t i = 0; i < m_form->target_keys.size(); ++i) {
    const auto [min, stride] = m_form->table_keys[i];
    index += (m_reading.values[at(m_form->target_keys[i])] - min) * stride;
  }
  return static_cast<std::size_t>(index);
}

namespace {

/// One of several by its probability.
template <typename Choices>
std::size_t choose(const Choices& choices, Random& random) {
  double rest = random.uniform();
  std::size_t i = 0;
  while (i + 1 < choices.size() && rest >= choices[i].p) {
    rest -= choices[i].p;
    ++i;
  }
  return i;
}

}  // namespace

ANCHORLENS_HOT std::int32_t Sampler::target(Split split) {
  const bool is_taught = split == Split::Train;
  const bool is_relabelled = is_taught && m_form->relabel[at(m_reading.combination)] >= 0;
  const AnswerTable& table =
      is_taught && !m_form->taught.tokens.empty() ? m_form->taught : m_form->truth;
  if (!table.tokens.empty()) {
    const std::size_t index = answerIndex();
    if (!is_taught || table.offsets.empty()) {
      return table.tokens[index];
    }
    const std::span<const Answer> answers{table.answers.data() + table.offsets[index],
                                          table.offsets[index + 1] - table.offsets[index]};
    return answers.size() == 1 ? answers[0].token : answers[choose(answers, m_random)].token;
  }
  if (!m_form->is_stochastic && !is_relabelled) {
    std::int64_t value = 0;
    m_plan.operations.value(m_form->target, m_reading.values.data(), value);
    return static_cast<std::int32_t>(value);
  }
  Outcomes outcomes;
  answersOf(m_plan, *m_form, m_reading, is_taught, outcomes);
  const std::size_t chosen = is_taught && outcomes.size() > 1 ? choose(outcomes, m_random) : 0;
  return static_cast<std::int32_t>(outcomes[chosen].value);
}

void Sampler::drawRow(const Pool& pool, SequenceSet& set, std::size_t i) {
  std::int32_t* tokens = set.tokens.data() + i * at(set.seq_len);
  std::uint8_t* roles = set.roles.data() + i * at(set.seq_len);
  draw(pool, tokens);
  const auto length = at(m_cell->length);
  const std::size_t padding = at(set.seq_len) - length;
  std::memcpy(roles, m_placement.roles, length);
  if (padding > 0) {
    std::memset(roles + length, 0, padding);
    std::fill_n(tokens + length, padding, 0);
  }
  const std::int32_t group = m_cell->groups[at(2 * m_reading.combination + (m_is_held ? 1 : 0))];
  const Split split = m_plan.groups[at(group)].split;
  set.lengths[i] = m_cell->length;
  set.groups[i] = group;
  set.splits[i] = split;
  set.forms[i] = static_cast<std::int16_t>(m_cell->form);
  set.targets[i] = target(split);
}

void Sampler::appendAnswers(Split split, SequenceSet& set) const {
  Outcomes outcomes;
  answersOf(m_plan, *m_form, m_reading, split == Split::Train, outcomes);
  for (const Outcome& outcome : outcomes) {
    set.answers.push_back({static_cast<std::int32_t>(outcome.value), outcome.p});
  }
  set.answer_offsets.push_back(static_cast<std::uint32_t>(set.answers.size()));
}

SequenceSet emptySet(int seq_len, std::size_t n) {
  SequenceSet set;
  set.seq_len = seq_len;
  set.tokens.resize(n * at(seq_len));
  set.roles.resize(n * at(seq_len));
  set.lengths.resize(n);
  set.targets.resize(n);
  set.groups.resize(n);
  set.forms.resize(n);
  set.splits.resize(n);
  return set;
}

}  // namespace anchorlens::core
