// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"
#include "engine/core/study/results_parts.h"
#include "engine/core/study/study_results.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace anchorlens::core {
namespace {

/// An axis of that name has the column: of seeds that are an axis there are no others.
bool hasSeedColumn(const StudyPlan& plan) {
  return std::find(plan.labels.begin(), plan.labels.end(), "seed") == plan.labels.end();
}

std::string seedText(const StudyMember& member) {
  return member.seed ? std::to_string(*member.seed) : "";
}

/// Shortest text that reads back as the same number; nothing for what is no number.
std::string numberText(double value) {
  if (!std::isfinite(value)) {
    return "";
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

/// A CSV cell (RFC 4180).
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

std::string lineOf(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& text : cells) {
    line += (line.empty() && &text == &cells.front() ? "" : ",") + cell(text);
  }
  return line + "\r\n";
}

/// "shift_row_mass" as "shift row mass".
std::string withSpaces(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// Calls visit(name, layer, head) for every head that some run has.
template <typename Visit>
void eachHead(const std::vector<RunResults>& results, Visit&& visit) {
  for (int layer = 0; layer < most(results, &RunResults::n_layers); ++layer) {
    for (int head = 0; head < most(results, &RunResults::n_heads); ++head) {
      visit(std::to_string(layer) + "." + std::to_string(head), layer, head);
    }
  }
}

std::string titleLine(const StudyPlan& plan, const std::vector<RunResults>& results) {
  std::vector<std::string> cells{"run"};
  cells.insert(cells.end(), plan.labels.begin(), plan.labels.end());
  if (hasSeedColumn(plan)) {
    cells.emplace_back("seed");
  }
  cells.insert(cells.end(), {"state", "reason", "step"});
  for (const TotalColumn& total : kTotalColumns) {
    cells.emplace_back(total.name);
  }
  for (const StepColumn& column : kStepColumns) {
    cells.emplace_back(column.name);
  }
  for (const std::string& name : groupNames(results)) {
    cells.push_back("accuracy " + name);
    cells.push_back("loss " + name);
  }
  eachHead(results, [&](const std::string& name, int /*layer*/, int /*head*/) {
    cells.push_back(name + " label");
    for (const char* score : kResultScoreNames) {
      cells.push_back(name + " " + score);
    }
    for (std::size_t score = 0; score < kEmergingScores; ++score) {
      cells.push_back(name + " " + kResultScoreNames[score] + " since step");
    }
    cells.push_back(name + " to all later");
    for (const ScorePart& part : scoreParts()) {
      cells.push_back(name + " " + withSpaces(part.name));
    }
  });
  return lineOf(cells);
}

void addHeadCells(const RunResults& run, std::optional<std::size_t> slot,
                  std::vector<std::string>& cells) {
  if (!slot || run.frames.empty() || *slot >= run.frames.back().scores.size()) {
    cells.insert(cells.end(), 2 + kResultScores + kEmergingScores + scoreParts().size(), "");
    return;
  }
  const HeadScores& scores = run.frames.back().scores[*slot];
  const HeadLabel label = run.labels(*slot).back();
  const bool is_entered = label.state == LabelState::Entered && label.label;
  cells.emplace_back(is_entered ? labelName(*label.label) : std::string_view());
  for (const double lift : resultScores(scores)) {
    cells.push_back(numberText(lift));
  }
  for (std::size_t score = 0; score < kEmergingScores; ++score) {
    const auto step = run.emergence(*slot, score);
    cells.push_back(step ? std::to_string(*step) : "");
  }
  cells.emplace_back(label.to_all_later ? "1" : "0");
  for (const ScorePart& part : scoreParts()) {
    cells.push_back(numberText(part.value(scores)));
  }
}

std::string runLine(const StudyPlan& plan, std::size_t index,
                    const std::vector<RunResults>& results,
                    const std::vector<std::string>& groups) {
  const RunResults& run = results[index];
  std::vector<std::string> cells{plan.members[index].folder};
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    cells.push_back(axisText(plan, index, axis));
  }
  if (hasSeedColumn(plan)) {
    cells.push_back(seedText(plan.members[index]));
  }
  cells.insert(cells.end(),
               {run.facts.state_name, run.facts.reason, std::to_string(run.facts.step)});
  const Metrics* last = run.evaluations.empty() ? nullptr : &run.evaluations.back();
  for (const TotalColumn& total : kTotalColumns) {
    cells.push_back(last == nullptr ? "" : numberText(last->*total.value));
  }
  for (const StepColumn& column : kStepColumns) {
    cells.push_back(
        run.training_steps.empty() ? "" : numberText(run.training_steps.back().*column.value));
  }
  for (const std::string& name : groups) {
    const GroupMetrics* group = last == nullptr ? nullptr : groupOf(run, *last, name);
    cells.push_back(group == nullptr ? "" : numberText(group->accuracy));
    cells.push_back(group == nullptr ? "" : numberText(group->loss));
  }
  eachHead(results, [&](const std::string& /*name*/, int layer, int head) {
    addHeadCells(run, slotOf(run, layer, head), cells);
  });
  return lineOf(cells);
}

}  // namespace

std::string resultsCsv(const StudyPlan& plan, const std::vector<RunResults>& results) {
  const std::vector<std::string> groups = groupNames(results);
  std::string text = titleLine(plan, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    text += runLine(plan, i, results, groups);
  }
  return text;
}

}  // namespace anchorlens::core
