// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/study_numbers.h"

#include "engine/core/store/run_place.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace anchorlens::core {
namespace {

using Kind = StudyNumber::Kind;
using State = MemberFacts::State;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::size_t countState(const StudyData& data, State state) {
  return static_cast<std::size_t>(
      std::count_if(data.runs.begin(), data.runs.end(),
                    [state](const auto& run) { return run != nullptr && run->state == state; }));
}

void addOnce(std::vector<StudyNumber>& list, const StudyNumber& number) {
  if (std::find(list.begin(), list.end(), number) == list.end()) {
    list.push_back(number);
  }
}

double shareOf(const PairAnswers& pair, Kind kind, std::optional<std::int64_t> at) {
  const double inferential = NumberSeries{pair.steps, pair.inferential}.at(at);
  const double symmetric = NumberSeries{pair.steps, pair.symmetric}.at(at);
  switch (kind) {
    case Kind::Inferential:
      return inferential;
    case Kind::Symmetric:
      return symmetric;
    case Kind::Neither:
      return 1 - inferential - symmetric;
    default:
      return inferential - symmetric;
  }
}

double largestLift(const RunNumbers& run, NumberSeries HeadNumbers::*lift,
                   std::optional<std::int64_t> at) {
  double largest = kNone;
  for (const HeadNumbers& head : run.heads) {
    largest = std::fmax(largest, (head.*lift).at(at));
  }
  return largest;
}

double firstStep(const RunNumbers& run, std::optional<std::int64_t> HeadNumbers::*step,
                 std::optional<std::int64_t> at) {
  double first = kNone;
  for (const HeadNumbers& head : run.heads) {
    const auto& emerged = head.*step;
    if (emerged && (!at || *emerged <= *at)) {
      first = std::fmin(first, static_cast<double>(*emerged));
    }
  }
  return first;
}

const char* kindName(Kind kind) {
  switch (kind) {
    case Kind::Accuracy:
      return "accuracy";
    case Kind::Loss:
      return "loss";
    case Kind::Inferential:
      return "inferential";
    case Kind::Symmetric:
      return "symmetric";
    case Kind::Neither:
      return "neither";
    case Kind::Balance:
      return "inferential-symmetric";
    case Kind::ShiftStep:
      return "shift step";
    case Kind::BroadcastStep:
      return "broadcast step";
    case Kind::Shift:
      return "shift";
    case Kind::Broadcast:
      break;
  }
  return "broadcast";
}

/// The answers to the pairs' sequences in every frame.
std::vector<PairAnswers> readPairs(const std::filesystem::path& run, const RunResults& results,
                                   const std::vector<MirrorPair>& pairs) {
  std::vector<PairAnswers> answers(pairs.size());
  const auto reader = RunReader::open(run);
  if (!reader) {
    return {};
  }
  for (const RunReader::FrameScores& scores : results.frames) {
    const auto frame = (*reader)->frame(scores.step);
    for (std::size_t i = 0; frame && i < pairs.size(); ++i) {
      addFrame(**frame, pairs[i], answers[i]);
    }
  }
  std::erase_if(answers, [](const PairAnswers& pair) { return pair.steps.empty(); });
  return answers;
}

}  // namespace

std::size_t StudyData::finished() const {
  return countState(*this, State::Finished);
}

std::size_t StudyData::failed() const {
  return countState(*this, State::Failed);
}

std::vector<StudyNumber> numbersOf(const StudyData& data) {
  using Sort = GroupNumbers::Kind;
  std::vector<StudyNumber> totals, held_out, pairs, losses, parts;
  bool has_heads = false;
  for (const auto& run : data.runs) {
    if (run == nullptr) {
      continue;
    }
    has_heads = has_heads || !run->heads.empty();
    for (const GroupNumbers& group : run->groups) {
      const bool is_total = group.kind == Sort::Train || group.kind == Sort::Test;
      const bool is_held = group.kind == Sort::HeldOut;
      addOnce(is_total ? totals : is_held ? held_out : parts, {Kind::Accuracy, group.name});
      addOnce(is_total || is_held ? losses : parts, {Kind::Loss, group.name});
    }
    for (const PairAnswers& pair : run->pairs) {
      for (const Kind kind : {Kind::Inferential, Kind::Symmetric, Kind::Neither, Kind::Balance}) {
        addOnce(pairs, {kind, pair.name});
      }
    }
  }
  std::vector<StudyNumber> heads;
  if (has_heads) {
    heads = {
        {Kind::ShiftStep, {}}, {Kind::BroadcastStep, {}}, {Kind::Shift, {}}, {Kind::Broadcast, {}}};
  }
  std::vector<StudyNumber> all = std::move(totals);
  for (const auto* list : {&held_out, &pairs, &heads, &losses, &parts}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  return all;
}

std::string numberName(const StudyNumber& number) {
  return number.name.empty() ? kindName(number.kind)
                             : std::string(kindName(number.kind)) + " " + number.name;
}

std::optional<StudyNumber> numberNamed(const StudyData& data, const std::string& name) {
  for (const StudyNumber& number : numbersOf(data)) {
    if (numberName(number) == name) {
      return number;
    }
  }
  return std::nullopt;
}

bool isStep(Kind kind) {
  return kind == Kind::ShiftStep || kind == Kind::BroadcastStep;
}

double valueOf(const RunNumbers& run, const StudyNumber& number, std::optional<std::int64_t> at) {
  switch (number.kind) {
    case Kind::Accuracy:
    case Kind::Loss: {
      const GroupNumbers* group = run.group(number.name);
      return group == nullptr
                 ? kNone
                 : (number.kind == Kind::Accuracy ? group->accuracy : group->loss).at(at);
    }
    case Kind::ShiftStep:
      return firstStep(run, &HeadNumbers::shift_step, at);
    case Kind::BroadcastStep:
      return firstStep(run, &HeadNumbers::broadcast_step, at);
    case Kind::Shift:
      return largestLift(run, &HeadNumbers::shift, at);
    case Kind::Broadcast:
      return largestLift(run, &HeadNumbers::broadcast, at);
    default:
      for (const PairAnswers& pair : run.pairs) {
        if (pair.name == number.name) {
          return shareOf(pair, number.kind, at);
        }
      }
      return kNone;
  }
}

StudyNumberReader::StudyNumberReader(std::shared_ptr<const StudyPlan> plan,
                                     std::filesystem::path folder)
    : m_folder(std::move(folder)) {
  m_data.runs.resize(plan->members.size());
  m_data.plan = std::move(plan);
}

bool StudyNumberReader::isOld(std::size_t member, const MemberFacts& facts) const {
  const auto& run = m_data.runs[member];
  return run == nullptr || run->state != facts.state || run->step != facts.step;
}

const StudyNumberReader::TaskParts& StudyNumberReader::partsOf(const ExperimentSpec& spec) {
  const auto known = std::find_if(m_parts.begin(), m_parts.end(), [&](const TaskParts& parts) {
    return parts.task == spec.task && parts.probe == spec.probe;
  });
  if (known != m_parts.end()) {
    return *known;
  }
  TaskParts parts{spec.task, spec.probe, {}, {}};
  if (const auto task = Task::compile(spec.task)) {
    parts.groups = task->groups();
    if (!spec.task.relabel.empty()) {
      if (const auto probe = makeProbe(*task, spec.probe)) {
        parts.pairs = mirrorPairs(*task, *probe, static_cast<std::size_t>(spec.probe.shown));
      }
    }
  }
  m_parts.push_back(std::move(parts));
  return m_parts.back();
}

void StudyNumberReader::read(std::size_t member) {
  const std::filesystem::path run = m_folder / m_data.plan->members[member].folder;
  if (!isThere(run / kExperimentName)) {
    m_data.runs[member] = std::make_shared<const RunNumbers>();
    return;
  }
  const ExperimentSpec spec = m_data.plan->experiment(member);
  const TaskParts& parts = partsOf(spec);
  const RunResults results = readRun(run, spec, parts.groups);
  const bool has_answers = spec.record.keep_predictions && !parts.pairs.empty();
  m_data.runs[member] = std::make_shared<const RunNumbers>(makeRunNumbers(
      results, has_answers ? readPairs(run, results, parts.pairs) : std::vector<PairAnswers>(),
      m_thresholds));
}

void StudyNumberReader::setThresholds(const LabelThresholds& thresholds) {
  m_thresholds = thresholds;
  for (auto& run : m_data.runs) {
    if (run != nullptr) {
      auto numbers = std::make_shared<RunNumbers>(*run);
      findEmergence(*numbers, thresholds);
      run = std::move(numbers);
    }
  }
}

}  // namespace anchorlens::core
