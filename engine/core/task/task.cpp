// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

#include "engine/core/task/compile.h"
#include "engine/core/task/sampler.h"

#include <algorithm>
#include <cassert>

namespace anchorlens::core {
namespace {

/// The steps in their order; each later one needs the earlier ones to be without errors.
void compilePlan(TaskPlan& plan, ErrorList& errors) {
  if (!readVocabulary(plan, errors)) {
    return;
  }
  readOperations(plan, errors);
  readForms(plan, errors);
  readRules(plan, errors);
  readRelabel(plan, errors);
  if (!errors.isEmpty()) {
    return;
  }
  for (const auto step : {makeCells, checkRanges}) {
    step(plan, errors);
    if (!errors.isEmpty()) {
      return;
    }
  }
  markOverlaps(plan);
  makeKeyTests(plan);
  checkDetermined(plan, errors);
  if (errors.isEmpty()) {
    findDeadPlacements(plan);
    findSplits(plan, errors);
  }
}

}  // namespace

Task::Task(std::shared_ptr<const Plan> plan) : m_plan(std::move(plan)) {}

Expected<Task, SpecErrors> Task::compile(const TaskSpec& spec) {
  auto plan = std::make_shared<Plan>();
  plan->spec = spec;
  ErrorList errors;
  compilePlan(*plan, errors);
  if (!errors.isEmpty()) {
    return Unexpected(std::move(errors).take());
  }
  findPairs(*plan);
  makeGroups(*plan);
  makeAnswerTables(*plan);
  makePools(*plan);
  analyse(*plan);
  for (const FormPlan& form : plan->forms) {
    plan->is_stochastic = plan->is_stochastic || form.is_stochastic;
  }
  for (const OperationPlan& relabelled : plan->relabel) {
    plan->is_stochastic = plan->is_stochastic || relabelled.isStochastic();
  }
  return Task(std::move(plan));
}

const TaskSpec& Task::spec() const {
  return m_plan->spec;
}
int Task::seqLen() const {
  return m_plan->seq_len;
}
int Task::dVocab() const {
  return m_plan->d_vocab;
}
const std::vector<RoleInfo>& Task::roles() const {
  return m_plan->roles;
}
const std::vector<GroupInfo>& Task::groups() const {
  return m_plan->groups;
}
const std::vector<RolePair>& Task::pairs() const {
  return m_plan->pairs;
}
const TaskAnalysis& Task::analysis() const {
  return m_plan->analysis;
}
bool Task::isStochastic() const {
  return m_plan->is_stochastic;
}

SequenceSet Task::draw(Split split, std::size_t n, Random& random, bool with_answers) const {
  SequenceSet set = emptySet(m_plan->seq_len, n);
  const Pool& pool = split == Split::Train ? m_plan->train : m_plan->test;
  Sampler sampler(*m_plan, random);
  for (std::size_t i = 0; i < n; ++i) {
    sampler.drawRow(pool, set, i);
    if (with_answers) {
      sampler.appendAnswers(set.splits[i], set);
    }
  }
  return set;
}

void Task::redraw(Split split, SequenceSet& set, Random& random) const {
  assert(set.seq_len == m_plan->seq_len);
  const Pool& pool = split == Split::Train ? m_plan->train : m_plan->test;
  Sampler sampler(*m_plan, random);
  for (std::size_t i = 0; i < set.size(); ++i) {
    sampler.drawRow(pool, set, i);
  }
  set.answers.clear();
  set.answer_offsets.assign(1, 0);
}

SequenceSet Task::drawGroup(int group, std::size_t n, Random& random) const {
  assert(group >= 0 && group < toInt(m_plan->groups.size()));
  SequenceSet set = emptySet(m_plan->seq_len, n);
  Sampler sampler(*m_plan, random);
  for (std::size_t i = 0; i < n; ++i) {
    sampler.drawRow(m_plan->of_group[at(group)], set, i);
    sampler.appendAnswers(set.splits[i], set);
  }
  return set;
}

std::int32_t Task::drawTarget(const SequenceSet& set, std::size_t i, Random& random) const {
  const bool has_answers = set.answer_offsets.size() == set.size() + 1;
  std::vector<Answer> computed;
  if (!has_answers) {
    const auto judgement = judge(set.row(i));
    if (!judgement) {
      return set.targets[i];
    }
    computed = judgement->split == Split::Train ? judgement->taught : judgement->answers;
  }
  const std::span<const Answer> answers = has_answers ? set.answersOf(i) : computed;
  if (answers.size() == 1) {
    return answers.front().token;
  }
  double rest = random.uniform();
  std::size_t chosen = 0;
  while (chosen + 1 < answers.size() && rest >= answers[chosen].p) {
    rest -= answers[chosen].p;
    ++chosen;
  }
  return answers[chosen].token;
}

}  // namespace anchorlens::core
