// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/scores.h"
#include "engine/core/store/npz_writer.h"
#include "engine/core/study/results_parts.h"
#include "engine/core/study/study_results.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace anchorlens::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Arrays with a row a run, filled cell by cell.
class RunArrays {
 public:
  RunArrays(NpzWriter& npz, const std::vector<RunResults>& results, std::uint64_t most_bytes)
      : m_npz(npz),
        m_results(results),
        m_n(static_cast<std::int64_t>(results.size())),
        m_most_bytes(most_bytes) {}

  /// Shape: [run, inner...]; value(run, index) with the index in the flattened inner shape.
  template <typename T, typename Value>
  void add(const std::string& name, const NpzWriter::Shape& inner, Value&& value) {
    NpzWriter::Shape shape{m_n};
    shape.insert(shape.end(), inner.begin(), inner.end());
    std::size_t count = 1;
    for (const std::int64_t size : inner) {
      count *= static_cast<std::size_t>(size);
    }
    m_bytes += m_results.size() * count * sizeof(T);
    if (m_bytes > m_most_bytes) {
      return;  // nothing will come of it
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

  /// Of all arrays, also of those that there was no room for.
  std::uint64_t bytes() const { return m_bytes; }

 private:
  NpzWriter& m_npz;
  const std::vector<RunResults>& m_results;
  std::int64_t m_n;
  std::uint64_t m_most_bytes;
  std::uint64_t m_bytes = 0;
};

void addFacts(RunArrays& arrays, const StudyPlan& plan, const std::vector<RunResults>& results) {
  using Text = std::string;
  arrays.add<Text>("run", {}, [&](std::size_t run, auto) { return plan.members[run].folder; });
  for (std::size_t axis = 0; axis < plan.labels.size(); ++axis) {
    arrays.add<Text>("axis_" + plan.labels[axis], {},
                     [&](std::size_t run, auto) { return axisText(plan, run, axis); });
  }
  arrays.add<std::int64_t>("seed", {}, [&](std::size_t run, auto) {
    return static_cast<std::int64_t>(plan.members[run].seed.value_or(0));
  });
  arrays.add<Text>("state", {},
                   [&](std::size_t run, auto) { return results[run].facts.state_name; });
  arrays.add<Text>("reason", {}, [&](std::size_t run, auto) { return results[run].facts.reason; });
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
  for (const TotalColumn& total : kTotalColumns) {
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

/// As float32: there is a value for every step of every run.
void addSteps(RunArrays& arrays, const std::vector<RunResults>& results) {
  std::size_t longest = 0;
  for (const RunResults& run : results) {
    longest = std::max(longest, run.training_steps.size());
  }
  const auto S = static_cast<std::int64_t>(longest);
  arrays.add<std::int64_t>("training_step", {S}, [&](std::size_t run, std::size_t i) {
    return i < results[run].training_steps.size() ? results[run].training_steps[i].step : -1;
  });
  for (const StepColumn& column : kStepColumns) {
    arrays.add<float>(column.name, {S}, [&](std::size_t run, std::size_t i) {
      const auto& steps = results[run].training_steps;
      return static_cast<float>(i < steps.size() ? steps[i].*column.value : kNone);
    });
  }
}

/// Frames and heads as many as the largest runs have.
class FrameGrid {
 public:
  explicit FrameGrid(const std::vector<RunResults>& results)
      : m_results(results),
        m_layers(most(results, &RunResults::n_layers)),
        m_heads(most(results, &RunResults::n_heads)) {
    for (const RunResults& run : results) {
      m_frames = std::max(m_frames, run.frames.size());
    }
  }

  NpzWriter::Shape frames() const { return {static_cast<std::int64_t>(m_frames)}; }
  NpzWriter::Shape heads() const { return {m_layers, m_heads}; }
  NpzWriter::Shape cells() const {
    return {static_cast<std::int64_t>(m_frames), m_layers, m_heads};
  }

  std::size_t frameOf(std::size_t i) const { return i / perFrame(); }
  /// Of cell i where the head stands among the run's scores; empty for a run without it.
  std::optional<std::size_t> slot(std::size_t run, std::size_t i) const {
    const int head = static_cast<int>(i % perFrame());
    return slotOf(m_results[run], head / m_heads, head % m_heads);
  }
  /// Null where the run has no such frame or head.
  const HeadScores* scores(std::size_t run, std::size_t i) const {
    const auto& frames = m_results[run].frames;
    const auto at = slot(run, i);
    const bool is_there =
        frameOf(i) < frames.size() && at && *at < frames[frameOf(i)].scores.size();
    return is_there ? &frames[frameOf(i)].scores[*at] : nullptr;
  }

 private:
  std::size_t perFrame() const {
    return static_cast<std::size_t>(m_layers) * static_cast<std::size_t>(m_heads);
  }

  const std::vector<RunResults>& m_results;
  std::size_t m_frames = 0;
  int m_layers;
  int m_heads;
};

void addScores(RunArrays& arrays, const FrameGrid& grid, const std::vector<RunResults>& results) {
  arrays.add<std::int64_t>("frame_step", grid.frames(), [&](std::size_t run, std::size_t i) {
    return i < results[run].frames.size() ? results[run].frames[i].step : -1;
  });
  for (std::size_t score = 0; score < kResultScores; ++score) {
    arrays.add<double>(kResultScoreNames[score], grid.cells(), [&](std::size_t run, std::size_t i) {
      const HeadScores* head = grid.scores(run, i);
      return head == nullptr ? kNone : resultScores(*head)[score];
    });
  }
  for (const ScorePart& part : scoreParts()) {
    arrays.add<double>(part.name, grid.cells(), [&](std::size_t run, std::size_t i) {
      const HeadScores* head = grid.scores(run, i);
      return head == nullptr ? kNone : part.value(*head);
    });
  }
  for (std::size_t score = 0; score < kEmergingScores; ++score) {
    arrays.add<std::int64_t>(std::string(kResultScoreNames[score]) + "_since_step", grid.heads(),
                             [&](std::size_t run, std::size_t i) {
                               const auto at = grid.slot(run, i);
                               const auto step =
                                   at ? results[run].emergence(*at, score) : std::nullopt;
                               return step.value_or(-1);
                             });
  }
}

void addLabels(RunArrays& arrays, const FrameGrid& grid, const std::vector<RunResults>& results) {
  std::vector<std::vector<std::vector<HeadLabel>>> labels(results.size());  // run, head, frame
  for (std::size_t run = 0; run < results.size(); ++run) {
    for (std::size_t head = 0; head < results[run].heads(); ++head) {
      labels[run].push_back(results[run].labels(head));
    }
  }
  const auto at = [&](std::size_t run, std::size_t i) -> const HeadLabel* {
    return grid.scores(run, i) == nullptr ? nullptr
                                          : &labels[run][*grid.slot(run, i)][grid.frameOf(i)];
  };
  using Text = std::string;
  arrays.add<Text>("label", grid.cells(), [&](std::size_t run, std::size_t i) {
    const HeadLabel* label = at(run, i);
    return Text(label == nullptr || !label->label ? "" : labelName(*label->label));
  });
  arrays.add<Text>("label_state", grid.cells(), [&](std::size_t run, std::size_t i) {
    const HeadLabel* label = at(run, i);
    return Text(label == nullptr ? "" : labelStateName(label->state));
  });
  arrays.add<std::int64_t>("to_all_later", grid.cells(), [&](std::size_t run, std::size_t i) {
    const HeadLabel* label = at(run, i);
    return label == nullptr ? std::int64_t{-1} : std::int64_t{label->to_all_later};
  });
}

}  // namespace

Expected<std::string, IoError> resultsNpz(const StudyPlan& plan,
                                          const std::vector<RunResults>& results,
                                          std::uint64_t most_bytes) {
  NpzWriter npz;
  RunArrays arrays(npz, results, most_bytes);
  addFacts(arrays, plan, results);
  addEvaluations(arrays, npz, results);
  addSteps(arrays, results);
  const FrameGrid grid(results);
  addScores(arrays, grid, results);
  addLabels(arrays, grid, results);
  if (const std::uint64_t bytes = std::max(npz.size(), arrays.bytes()); bytes > most_bytes) {
    return Unexpected(IoError{
        "", "the runs recorded " + std::to_string(bytes / 1'000'000) +
                " MB of numbers, and an .npz holds " + std::to_string(most_bytes / 1'000'000) +
                "; expected a .csv, which has the last ones, or a program that reads run by run "
                "(resources/python/anchorlens_run.py)"});
  }
  return npz.bytes();
}

}  // namespace anchorlens::core
