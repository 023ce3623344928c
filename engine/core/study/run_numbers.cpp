// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/study/run_numbers.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::core {
namespace {

using Kind = GroupNumbers::Kind;

void add(NumberSeries& series, std::int64_t step, double value) {
  series.steps.push_back(step);
  series.values.push_back(value);
}

Kind kindOf(const GroupInfo& group) {
  return group.kind == GroupInfo::Kind::HeldOutCombination ? Kind::HeldOut : Kind::Part;
}

void addEvaluation(const Metrics& metrics, RunNumbers& numbers) {
  add(numbers.groups[0].accuracy, metrics.step, metrics.train_accuracy);
  add(numbers.groups[0].loss, metrics.step, metrics.train_loss);
  add(numbers.groups[1].accuracy, metrics.step, metrics.test_accuracy);
  add(numbers.groups[1].loss, metrics.step, metrics.test_loss);
  for (const GroupMetrics& group : metrics.groups) {
    const std::size_t at = 2 + static_cast<std::size_t>(std::max(group.group, 0));
    if (group.group >= 0 && at < numbers.groups.size() && group.n > 0) {
      add(numbers.groups[at].accuracy, metrics.step, group.accuracy);
      add(numbers.groups[at].loss, metrics.step, group.loss);
    }
  }
}

bool hasNumbers(const GroupNumbers& group) {
  const auto is_number = [](double value) { return std::isfinite(value); };
  return std::any_of(group.accuracy.values.begin(), group.accuracy.values.end(), is_number) ||
         std::any_of(group.loss.values.begin(), group.loss.values.end(), is_number);
}

std::vector<HeadNumbers> headsOf(const RunResults& results) {
  std::vector<HeadNumbers> heads;
  if (results.frames.empty()) {
    return heads;
  }
  for (std::size_t i = 0; i < results.heads(); ++i) {
    HeadNumbers head;
    head.layer = static_cast<int>(i) / results.n_heads;
    head.head = static_cast<int>(i) % results.n_heads;
    for (const RunReader::FrameScores& frame : results.frames) {
      if (i < frame.scores.size()) {
        add(head.shift, frame.step, frame.scores[i].shift());
        add(head.broadcast, frame.step, frame.scores[i].broadcast());
      }
    }
    heads.push_back(std::move(head));
  }
  return heads;
}

/// The steps of all members, at most about `most` of them, the last one among them.
std::vector<std::int64_t> gridOf(const std::vector<BandMember>& members, std::size_t most) {
  std::vector<std::int64_t> all;
  for (const BandMember& member : members) {
    all.insert(all.end(), member.series->steps.begin(), member.series->steps.end());
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const std::size_t stride = (all.size() + most - 1) / std::max<std::size_t>(most, 1);
  if (stride <= 1) {
    return all;
  }
  std::vector<std::int64_t> grid;
  for (std::size_t i = all.size() % stride == 0 ? stride - 1 : all.size() % stride - 1;
       i < all.size(); i += stride) {
    grid.push_back(all[i]);
  }
  return grid;
}

/// Walks one series along the grid.
struct Walker {
  BandMember member;
  std::size_t next = 0;
  /// The value at `step` and the range of those since the last call; empty: it has none there.
  std::optional<Spread> to(std::int64_t step) {
    const NumberSeries& series = *member.series;
    const std::size_t first = next;
    while (next < series.steps.size() && series.steps[next] <= step) {
      ++next;
    }
    const bool has_ended = next == series.steps.size() && !member.is_over &&
                           !series.steps.empty() && series.steps.back() < step;
    if (next == 0 || (first == next && has_ended)) {
      return std::nullopt;
    }
    std::vector<double> since(
        series.values.begin() + static_cast<std::ptrdiff_t>(first < next ? first : next - 1),
        series.values.begin() + static_cast<std::ptrdiff_t>(next));
    auto range = spreadOf(std::move(since));
    const double value = series.values[next - 1];
    if (!range || !std::isfinite(value)) {
      return std::nullopt;
    }
    range->median = value;
    return range;
  }
};

}  // namespace

double NumberSeries::at(std::optional<std::int64_t> step) const {
  const auto after = step ? std::upper_bound(steps.begin(), steps.end(), *step) : steps.end();
  if (after == steps.begin()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return values[static_cast<std::size_t>(after - steps.begin()) - 1];
}

const GroupNumbers* RunNumbers::group(const std::string& name) const {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const GroupNumbers& group) { return group.name == name; });
  return found == groups.end() ? nullptr : &*found;
}

bool RunNumbers::isThere(std::optional<std::int64_t> at) const {
  return state == MemberFacts::State::Finished || (at && step >= *at && !groups.empty());
}

RunNumbers makeRunNumbers(const RunResults& results, std::vector<PairAnswers> pairs,
                          const LabelThresholds& thresholds) {
  RunNumbers numbers;
  numbers.state = results.facts.state;
  numbers.step = results.facts.step;
  numbers.pairs = std::move(pairs);
  numbers.groups = {{"Train", Kind::Train, {}, {}}, {"Test", Kind::Test, {}, {}}};
  for (const GroupInfo& group : results.groups) {
    numbers.groups.push_back({group.name, kindOf(group), {}, {}});
  }
  for (const Metrics& metrics : results.evaluations) {
    addEvaluation(metrics, numbers);
  }
  std::erase_if(numbers.groups, [](const GroupNumbers& group) { return !hasNumbers(group); });
  numbers.heads = headsOf(results);
  findEmergence(numbers, thresholds);
  return numbers;
}

void findEmergence(RunNumbers& numbers, const LabelThresholds& thresholds) {
  const auto step = [&](const NumberSeries& lift) {
    return emergenceStep(lift.steps, lift.values, thresholds);
  };
  for (HeadNumbers& head : numbers.heads) {
    head.shift_step = step(head.shift);
    head.broadcast_step = step(head.broadcast);
  }
}

NumberBand bandOf(const std::vector<BandMember>& members, std::size_t most) {
  NumberBand band;
  std::vector<Walker> walkers;
  for (const BandMember& member : members) {
    walkers.push_back({member});
  }
  for (const std::int64_t step : gridOf(members, most)) {
    std::vector<double> values;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (Walker& walker : walkers) {
      if (const auto here = walker.to(step)) {
        values.push_back(here->median);
        low = std::min(low, here->min);
        high = std::max(high, here->max);
      }
    }
    if (const auto spread = spreadOf(std::move(values))) {
      band.steps.push_back(step);
      band.median.push_back(spread->median);
      band.low.push_back(low);
      band.high.push_back(high);
      band.count.push_back(spread->count);
    }
  }
  return band;
}

}  // namespace anchorlens::core
