// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment/json_text.h"
#include "engine/core/scores.h"
#include "engine/core/store/npz_writer.h"
#include "engine/core/study/study_results.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace anchorlens::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
/// Emergence steps are told of the first two scores.
constexpr std::size_t kEmerging = 2;

struct Total {
  const char* name;
  double Metrics::*value;
};
constexpr std::array<Total, 4> kTotals{{{"train_accuracy", &Metrics::train_accuracy},
                                        {"test_accuracy", &Metrics::test_accuracy},
                                        {"train_loss", &Metrics::train_loss},
                                        {"test_loss", &Metrics::test_loss}}};

/// The names of all groups of all runs, in the order in which they first occur.
std::vector<std::string> groupNames(const std::vector<RunResults>& results) {
  std::vector<std::string> names;
  for (const RunResults& run : results) {
    for (const GroupInfo& group : run.groups) {
      if (std::find(names.begin(), names.end(), group.name) == names.end()) {
        names.push_back(group.name);
      }
    }
  }
  return names;
}

const GroupMetrics* groupOf(const RunResults& run, const Metrics& metrics,
                            const std::string& name) {
  for (const GroupMetrics& group : metrics.groups) {
    const auto index = static_cast<std::size_t>(group.group);
    if (index < run.groups.size() && run.groups[index].name == name) {
      return &group;
    }
  }
  return nullptr;
}

int most(const std::vector<RunResults>& results, int RunResults::*number) {
  int largest = 0;
  for (const RunResults& run : results) {
    largest = std::max(largest, run.*number);
  }
  return largest;
}

/// The member's value of an axis, as JSON text.
const std::string& valueOf(const StudyPlan& plan, std::size_t member, std::size_t axis) {
  return plan.values[axis][plan.settings[plan.members[member].setting][axis]];
}

/// A JSON text for a table: without the quotes of a text.
std::string plainText(const std::string& json_text) {
  const Json json = Json::parse(json_text, nullptr, false);
  return json.is_string() ? json.get<std::string>() : json_text;
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

/// Calls visit(name, layer, head) for every head that some run has.
template <typename Visit>
void eachHead(const std::vector<RunResults>& results, Visit&& visit) {
  for (int layer = 0; layer < most(results, &RunResults::n_layers); ++layer) {
    for (int head = 0; head < most(results, &RunResults::n_heads); ++head) {
      visit(std::to_string(layer) + "." + std::to_string(head), layer, head);
    }
  }
}

/// Where a head stands among a run's scores; empty for a run without it.
std::optional<std::size_t> slotOf(const RunResults& run, int layer, int head) {
  if (layer >= run.n_layers || head >= run.n_heads) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(layer) * static_cast<std::size_t>(run.n_heads) +
         static_cast<std::size_t>(head);
}

std::string titleLine(const StudyPlan& plan, const std::vector<RunResults>& results) {
  std::vector<std::string> cells{"run"};
  cells.insert(cells.end(), plan.labels.begin(), plan.labels.end());
  cells.insert(cells.end(), {"seed", "state", "reason", "step"});
  for (const Total& total : kTotals) {
    cells.emplace_back(total.name);
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
    for (std::size_t score = 0; score < kEmerging; ++score) {
      cells.push_back(name + " " + kResultScoreNames[score] + " since step");
    }
  });
  return lineOf(cells);
}

std::string labelText(const RunResults& run, std::size_t slot) {
  Labeller labeller;
  HeadLabel label;
  for (const RunReader::FrameScores& frame : run.frames) {
    if (slot < frame.scores.size()) {
      label = labeller.next(frame.scores[slot]);
    }
  }
  return label.state == LabelState::Entered && label.label ? std::string(labelName(*label.label))
                                                           : "";
}

void addHeadCells(const RunResults& run, std::optional<std::size_t> slot,
                  std::vector<std::string>& cells) {
  if (!slot || run.frames.empty() || *slot >= run.frames.back().scores.size()) {
    cells.insert(cells.end(), 1 + kResultScores + kEmerging, "");
    return;
  }
  cells.push_back(labelText(run, *slot));
  for (const double lift : resultScores(run.frames.back().scores[*slot])) {
    cells.push_back(numberText(lift));
  }
  for (std::size_t score = 0; score < kEmerging; ++score) {
    const auto step = run.emergence(*slot, score);
    cells.push_back(step ? std::to_string(*step) : "");
  }
}

std::string runLine(const StudyPlan& plan, std::size_t index,
                    const std::vector<RunResults>& results,
                    const std::vector<std::string>& groups) {
  const RunResults& run = results[index];
  std::vector<std::string> cells{plan.members[index].folder};
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    cells.push_back(plainText(valueOf(plan, index, axis)));
  }
  cells.insert(cells.end(), {seedText(plan.members[index]), run.facts.state_name, run.facts.reason,
                             std::to_string(run.facts.step)});
  const Metrics* last = run.evaluations.empty() ? nullptr : &run.evaluations.back();
  for (const Total& total : kTotals) {
    cells.push_back(last == nullptr ? "" : numberText(last->*total.value));
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

/// Arrays with a row a run, filled cell by cell.
class RunArrays {
 public:
  RunArrays(NpzWriter& npz, const std::vector<RunResults>& results)
      : m_npz(npz), m_results(results), m_n(static_cast<std::int64_t>(results.size())) {}

  /// Shape: [run, inner...]; value(run, index) with the index in the flattened inner shape.
  template <typename T, typename Value>
  void add(const std::string& name, const NpzWriter::Shape& inner, Value&& value) {
    NpzWriter::Shape shape{m_n};
    shape.insert(shape.end(), inner.begin(), inner.end());
    std::size_t count = 1;
    for (const std::int64_t size : inner) {
      count *= static_cast<std::size_t>(size);
    }
    std::vector<T> values;
    values.reserve(m_results.size() * count);
    for (std::size_t run = 0; run < m_results.size(); ++run) {
      for (std::size_t i = 0; i < count; ++i) {
        values.push_back(value(run, i));
      }
    }
    m_npz.add(name, shape, values);
  }

 private:
  NpzWriter& m_npz;
  const std::vector<RunResults>& m_results;
  std::int64_t m_n;
};

void addFacts(RunArrays& arrays, const StudyPlan& plan, const std::vector<RunResults>& results) {
  using Text = std::string;
  arrays.add<Text>("run", {}, [&](std::size_t run, auto) { return plan.members[run].folder; });
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    arrays.add<Text>("axis_" + plan.labels[axis], {},
                     [&](std::size_t run, auto) { return plainText(valueOf(plan, run, axis)); });
  }
  arrays.add<std::int64_t>("seed", {}, [&](std::size_t run, auto) {
    return static_cast<std::int64_t>(plan.members[run].seed.value_or(0));
  });
  arrays.add<Text>("state", {},
                   [&](std::size_t run, auto) { return results[run].facts.state_name; });
  arrays.add<std::int64_t>("step", {},
                           [&](std::size_t run, auto) { return results[run].facts.step; });
}

void addEvaluations(RunArrays& arrays, NpzWriter& npz, const std::vector<RunResults>& results) {
  std::size_t longest = 0;
  for (const RunResults& run : results) {
    longest = std::max(longest, run.evaluations.size());
  }
  const auto E = static_cast<std::int64_t>(longest);
  const auto at = [&](std::size_t run, std::size_t i) -> const Metrics* {
    return i < results[run].evaluations.size() ? &results[run].evaluations[i] : nullptr;
  };
  arrays.add<std::int64_t>("evaluation_step", {E}, [&](std::size_t run, std::size_t i) {
    return at(run, i) == nullptr ? -1 : at(run, i)->step;
  });
  for (const Total& total : kTotals) {
    arrays.add<double>(total.name, {E}, [&](std::size_t run, std::size_t i) {
      return at(run, i) == nullptr ? kNone : at(run, i)->*total.value;
    });
  }
  const std::vector<std::string> groups = groupNames(results);
  const std::size_t G = groups.size();
  npz.add("group", {static_cast<std::int64_t>(G)}, groups);
  for (const auto& [name, number] : {std::pair("group_accuracy", &GroupMetrics::accuracy),
                                     std::pair("group_loss", &GroupMetrics::loss)}) {
    arrays.add<double>(name, {E, static_cast<std::int64_t>(G)},
                       [&, value = number](std::size_t run, std::size_t i) {
                         const Metrics* metrics = at(run, i / G);
                         const GroupMetrics* group =
                             metrics == nullptr ? nullptr
                                                : groupOf(results[run], *metrics, groups[i % G]);
                         return group == nullptr ? kNone : group->*value;
                       });
  }
}

void addScores(RunArrays& arrays, const std::vector<RunResults>& results) {
  std::size_t longest = 0;
  for (const RunResults& run : results) {
    longest = std::max(longest, run.frames.size());
  }
  const auto F = static_cast<std::int64_t>(longest);
  const int layers = most(results, &RunResults::n_layers);
  const int heads = most(results, &RunResults::n_heads);
  const auto H = static_cast<std::size_t>(layers) * static_cast<std::size_t>(heads);
  const auto slot = [&](std::size_t run, std::size_t i) {
    const int index = static_cast<int>(i % H);
    return slotOf(results[run], index / heads, index % heads);
  };
  arrays.add<std::int64_t>("frame_step", {F}, [&](std::size_t run, std::size_t i) {
    return i < results[run].frames.size() ? results[run].frames[i].step : -1;
  });
  for (std::size_t score = 0; score < kResultScores; ++score) {
    arrays.add<double>(kResultScoreNames[score], {F, layers, heads},
                       [&](std::size_t run, std::size_t i) {
                         const auto& frames = results[run].frames;
                         const auto at = slot(run, i);
                         return i / H < frames.size() && at && *at < frames[i / H].scores.size()
                                    ? resultScores(frames[i / H].scores[*at])[score]
                                    : kNone;
                       });
  }
  for (std::size_t score = 0; score < kEmerging; ++score) {
    arrays.add<std::int64_t>(std::string(kResultScoreNames[score]) + "_since_step", {layers, heads},
                             [&](std::size_t run, std::size_t i) {
                               const auto at = slot(run, i);
                               const auto step =
                                   at ? results[run].emergence(*at, score) : std::nullopt;
                               return step.value_or(-1);
                             });
  }
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

std::string resultsNpz(const StudyPlan& plan, const std::vector<RunResults>& results) {
  NpzWriter npz;
  RunArrays arrays(npz, results);
  addFacts(arrays, plan, results);
  addEvaluations(arrays, npz, results);
  addScores(arrays, results);
  return npz.bytes();
}

}  // namespace anchorlens::core
