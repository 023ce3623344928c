// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/measure.h"

#include "engine/core/scores.h"
#include "engine/inspect.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace anchorlens::engine {
namespace {

template <typename T>
std::vector<T> slice(const std::vector<T>& values, std::size_t first, std::size_t count) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// Weighted means over the groups of one kind.
class Total {
 public:
  void add(const core::GroupMetrics& group) {
    const auto n = static_cast<double>(group.n);
    m_n += n;
    m_accuracy += n * group.accuracy;
    m_loss += n * group.loss;
  }
  double accuracy() const { return m_n > 0 ? m_accuracy / m_n : kNone; }
  double loss() const { return m_n > 0 ? m_loss / m_n : kNone; }

 private:
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double m_n = 0;
  double m_accuracy = 0;
  double m_loss = 0;
};

core::PatternBatch firstPatterns(const core::PatternBatch& patterns, std::size_t count) {
  core::PatternBatch first = patterns;
  first.n = std::min(count, patterns.n);
  first.pattern.resize(first.n * patterns.heads() * patterns.cells());
  return first;
}

/// n = 0 when there is nothing to take a mean of, or the sequences have several lengths.
core::PatternBatch meanPattern(const core::PatternBatch& patterns,
                               const core::SequenceSet& sequences) {
  core::PatternBatch mean;
  const bool one_length = std::all_of(sequences.lengths.begin(), sequences.lengths.end(),
                                      [&](auto length) { return length == sequences.lengths[0]; });
  if (patterns.n == 0 || !one_length) {
    return mean;
  }
  mean.n = 1;
  mean.n_layers = patterns.n_layers;
  mean.n_heads = patterns.n_heads;
  mean.seq_len = patterns.seq_len;
  const std::size_t size = patterns.heads() * patterns.cells();
  std::vector<double> sum(size, 0.0);
  for (std::size_t i = 0; i < patterns.n; ++i) {
    const float* of_sequence = patterns.pattern.data() + i * size;
    for (std::size_t cell = 0; cell < size; ++cell) {
      sum[cell] += static_cast<double>(of_sequence[cell]);
    }
  }
  mean.pattern.resize(size);
  std::transform(sum.begin(), sum.end(), mean.pattern.begin(), [&](double value) {
    return static_cast<float>(value / static_cast<double>(patterns.n));
  });
  return mean;
}

double meanOf(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) {
    sum += static_cast<double>(value);
  }
  return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

/// What a pass over the probe becomes; `shown`: sequences that keep patterns of their own.
std::shared_ptr<const core::Frame> frameOf(ForwardOutput output, const Trainer& trainer,
                                           const core::Task& task, const core::SequenceSet& probe,
                                           int shown, const FrameParts& parts, bool causal,
                                           std::uint64_t run_id) {
  const std::size_t n_shown = std::min(static_cast<std::size_t>(shown), probe.size());
  auto frame = std::make_shared<core::Frame>();
  frame->run_id = run_id;
  frame->step = trainer.step();
  frame->epoch = static_cast<double>(trainer.step()) / static_cast<double>(trainer.stepsPerEpoch());
  if (output.patterns.n > 0) {
    frame->scores = core::scoreHeads(output.patterns, probe, task, causal);
    if (parts.mean_pattern) {
      frame->mean = meanPattern(output.patterns, probe);
    }
    if (parts.patterns) {
      frame->shown = firstPatterns(output.patterns, n_shown);
    }
  }
  if (parts.predictions) {
    output.predictions.resize(std::min(n_shown, output.predictions.size()));
    frame->predictions = std::move(output.predictions);
  }
  const auto n_correct = std::count(output.correct.begin(), output.correct.end(), 1);
  frame->probe_accuracy = static_cast<double>(n_correct) / static_cast<double>(probe.size());
  frame->probe_loss = meanOf(output.losses);
  return frame;
}

}  // namespace

core::SequenceSet subset(const core::SequenceSet& sequences, std::size_t first, std::size_t count) {
  const auto seq_len = static_cast<std::size_t>(sequences.seq_len);
  core::SequenceSet part;
  part.seq_len = sequences.seq_len;
  part.tokens = slice(sequences.tokens, first * seq_len, count * seq_len);
  part.roles = slice(sequences.roles, first * seq_len, count * seq_len);
  part.lengths = slice(sequences.lengths, first, count);
  part.targets = slice(sequences.targets, first, count);
  part.groups = slice(sequences.groups, first, count);
  part.forms = slice(sequences.forms, first, count);
  part.splits = slice(sequences.splits, first, count);
  if (sequences.answer_offsets.size() == sequences.size() + 1) {
    const std::uint32_t begin = sequences.answer_offsets[first];
    const std::uint32_t end = sequences.answer_offsets[first + count];
    part.answers = slice(sequences.answers, begin, end - begin);
    part.answer_offsets = slice(sequences.answer_offsets, first, count + 1);
    for (std::uint32_t& offset : part.answer_offsets) {
      offset -= begin;
    }
  }
  return part;
}

void fillTotals(core::Metrics& metrics, const std::vector<core::GroupInfo>& groups) {
  Total train;
  Total test;
  for (const core::GroupMetrics& group : metrics.groups) {
    const core::GroupInfo::Kind kind = groups.at(static_cast<std::size_t>(group.group)).kind;
    if (kind == core::GroupInfo::Kind::Seen) {
      train.add(group);
    } else if (kind == core::GroupInfo::Kind::HeldOutKeys) {
      test.add(group);
    }
  }
  metrics.train_accuracy = train.accuracy();
  metrics.train_loss = train.loss();
  metrics.test_accuracy = test.accuracy();
  metrics.test_loss = test.loss();
}

Result<core::Metrics> evaluateSets(Trainer& trainer, const core::Task& task,
                                   const core::SequenceSet& train, const core::SequenceSet& test) {
  core::Metrics metrics;
  metrics.step = trainer.step();
  metrics.epoch =
      static_cast<double>(trainer.step()) / static_cast<double>(trainer.stepsPerEpoch());
  for (const core::SequenceSet* set : {&train, &test}) {
    if (set->size() == 0) {
      continue;
    }
    auto groups = trainer.evaluate(*set);
    if (!groups) {
      return core::Unexpected(groups.error());
    }
    metrics.groups.insert(metrics.groups.end(), groups->begin(), groups->end());
  }
  std::sort(metrics.groups.begin(), metrics.groups.end(),
            [](const auto& a, const auto& b) { return a.group < b.group; });
  fillTotals(metrics, task.groups());
  return metrics;
}

Result<std::shared_ptr<const core::Frame>> makeFrame(Trainer& trainer, const core::Task& task,
                                                     const core::SequenceSet& probe, int shown,
                                                     const FrameParts& parts, bool causal,
                                                     std::uint64_t run_id) {
  auto output = trainer.forward(probe, true);
  if (!output) {
    return core::Unexpected(output.error());
  }
  return frameOf(std::move(*output), trainer, task, probe, shown, parts, causal, run_id);
}

Result<std::shared_ptr<const core::Frame>> makeChangedFrame(Trainer& trainer,
                                                            const core::Task& task,
                                                            const core::SequenceSet& probe,
                                                            int shown, bool causal,
                                                            InspectRequest request) {
  request.want_patterns = true;
  auto output = trainer.inspect(probe, request);
  if (!output) {
    return core::Unexpected(output.error());
  }
  return frameOf({std::move(output->patterns), std::move(output->predictions),
                  std::move(output->losses), std::move(output->correct)},
                 trainer, task, probe, shown, {}, causal, 0);
}

}  // namespace anchorlens::engine
