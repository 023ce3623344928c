// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/repair/candidates.h"
#include "engine/core/repair/text_repairs.h"

#include <algorithm>
#include <cstdlib>

namespace anchorlens::core {
namespace {

void addAnchor(Candidates& candidates, std::int64_t token) {
  candidates.add("Add anchor " + std::to_string(token), [&](ExperimentSpec& next) {
    next.task.anchors.push_back({static_cast<int>(token), "x"});
  });
}

void proposeToken(Candidates& candidates, std::size_t row) {
  const AnchorSpec& anchor = candidates.task().anchors[row];
  if (candidates.says("stands twice")) {
    candidates.add("Remove this row",
                   [&](ExperimentSpec& next) { eraseAt(next.task.anchors, row); });
  }
  if (candidates.says("Vocabulary ends")) {
    addVocabulary(candidates, std::max(anchor.token, largestToken(candidates.task())));
  }
  if (const int token = freeToken(candidates.task()); token > 0) {
    candidates.add("Token " + std::to_string(token),
                   [&](ExperimentSpec& next) { next.task.anchors[row].token = token; });
  }
}

/// Lower keys for an answer that gets too small; they are all the keys that have intervals.
void proposeHigherKeys(Candidates& candidates) {
  const auto smallest = candidates.numberAfter("down to ");
  const TaskSpec& task = candidates.task();
  if (!smallest || *smallest >= 1 || task.noise.empty()) {
    return;
  }
  const std::int64_t by = 1 - *smallest;
  const std::int64_t first = task.noise.front().first + by;
  const auto raise = [&](Intervals& intervals) {
    if (!intervals.empty() && intervals.front().last >= first) {
      intervals.front().first = std::max(intervals.front().first, static_cast<int>(first));
    }
  };
  candidates.add("Keys from " + std::to_string(first), [&](ExperimentSpec& next) {
    const bool has_keys = !next.task.keys.empty();
    for (auto& [name, intervals] : next.task.keys) {
      raise(intervals);
    }
    if (!has_keys) {
      raise(next.task.noise);
    }
  });
}

void proposeOperation(Candidates& candidates, std::size_t row) {
  const TaskSpec& task = candidates.task();
  const std::string& operation = task.anchors[row].operation;
  const auto write = [&](const std::string& label, const std::string& text) {
    candidates.add(label, [&](ExperimentSpec& next) { next.task.anchors[row].operation = text; });
  };
  if (const auto error = languageError(TextPlace::Operation, operation)) {
    for (const TextRepair& repair : textRepairs(TextPlace::Operation, operation, *error)) {
      write(repair.label, repair.text);
    }
    return;
  }
  const auto parsed = parseOperation(operation);
  if (candidates.says("needs an anchor to follow") && parsed) {
    addAnchor(candidates, parsed->synonym_of);
  }
  if (parsed && parsed->kind == Operation::Kind::Synonym) {
    for (const AnchorSpec& other : task.anchors) {
      const auto its = parseOperation(other.operation);
      if (its && its->kind != Operation::Kind::Synonym) {
        const std::string text = "same as " + std::to_string(other.token);
        write("Write " + text, text);
        break;
      }
    }
  }
  if (candidates.says(" needs ") && candidates.says(" gives it ")) {
    std::string text = operation;
    for (const char* key : {"y", "z"}) {
      text = withName(text, TextKind::Operation, key, "x");
    }
    write("Write " + text, text);
  }
  write("Write x", "x");
}

}  // namespace

void proposeAnchors(Candidates& candidates) {
  const std::size_t row = candidates.index(2, candidates.task().anchors.size());
  const bool is_row = row < candidates.task().anchors.size();
  if (candidates.isAt("/task/anchors/*/token") && is_row) {
    proposeToken(candidates, row);
  }
  if (const auto largest = candidates.numberAfter("up to ");
      largest && candidates.says("Vocabulary ends at") && candidates.isUnder("/task") &&
      !candidates.isUnder("/task/noise") && !candidates.isUnder("/task/keys")) {
    addVocabulary(candidates, std::max<std::int64_t>(*largest, largestToken(candidates.task())));
  }
  proposeHigherKeys(candidates);
  if (candidates.isAt("/task/anchors/*/operation") && is_row) {
    proposeOperation(candidates, row);
  }
  if (const auto token = candidates.numberAfter(" may be ");
      token && candidates.says("has no row in anchors")) {
    addAnchor(candidates, *token);
  } else if (candidates.says("has no row in anchors, so there is nothing to apply")) {
    addAnchor(candidates, std::atoll(candidates.message().c_str()));
  }
}

}  // namespace anchorlens::core
