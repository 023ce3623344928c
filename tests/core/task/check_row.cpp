// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/task/check_row.h"

#include "tests/core/task/brute_force.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::test {

using namespace anchorlens::core;

namespace {

bool areEqual(const std::map<std::int64_t, double>& expected, std::span<const Answer> answers) {
  double sum = 0;
  for (const Answer& answer : answers) {
    const auto found = expected.find(answer.token);
    if (found == expected.end() || std::abs(found->second - answer.p) > 1e-9) {
      return false;
    }
    sum += answer.p;
  }
  return answers.size() == expected.size() && std::abs(sum - 1) < 1e-9;
}

}  // namespace

std::string tokensText(std::span<const std::int32_t> tokens) {
  std::string text;
  for (const std::int32_t token : tokens) {
    text += std::to_string(token) + " ";
  }
  return text;
}

std::string checkRow(const Task& task, const SequenceSet& set, std::size_t i) {
  const auto tokens = set.row(i);
  const auto judged = task.judge(tokens);
  if (!judged) {
    return "judge: " + judged.error();
  }
  const auto readings = bruteReadings(task.spec(), tokens);
  if (readings.empty()) {
    return "brute force finds no reading";
  }
  const bool is_train = set.splits[i] == Split::Train;
  bool has_roles = false;
  for (const BruteReading& reading : readings) {
    if (!areEqual(bruteAnswers(task.spec(), reading, is_train), set.answersOf(i))) {
      return "brute force has another answer";
    }
    if (!areEqual(bruteAnswers(task.spec(), reading, false), judged->answers)) {
      return "judge has another answer than brute force";
    }
    const bool is_combination = bruteCombinationHeld(task.spec(), reading);
    const bool is_held = is_combination || bruteKeysHeld(task.spec(), reading);
    if (is_held == is_train || (judged->split == Split::Train) != is_train) {
      return "wrong split";
    }
    bool is_same = reading.form == set.forms[i];
    for (std::size_t k = 0; k < tokens.size(); ++k) {
      is_same = is_same && task.roles()[set.rolesOf(i)[k]].name == reading.roles[k];
    }
    has_roles = has_roles || is_same;
  }
  if (!has_roles) {
    return "no reading has the generator's roles";
  }
  const GroupInfo& group = task.groups()[static_cast<std::size_t>(set.groups[i])];
  if (group.split != set.splits[i] || judged->group != set.groups[i]) {
    return "wrong group " + group.name;
  }
  const auto answers = set.answersOf(i);
  const bool is_possible = std::any_of(answers.begin(), answers.end(), [&](const Answer& answer) {
    return answer.token == set.targets[i];
  });
  return is_possible && (is_train || set.targets[i] == answers.front().token) ? "" : "wrong target";
}

}  // namespace anchorlens::test
