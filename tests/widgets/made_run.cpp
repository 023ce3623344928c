// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"

#include "engine/core/random.h"

#include <algorithm>
#include <cmath>

namespace anchorlens::tests {

namespace {

double rise(std::int64_t step, double middle, double width) {
  return 1 / (1 + std::exp(-(static_cast<double>(step) - middle) / width));
}

double shiftShare(std::int64_t step) {
  return 0.93 * rise(step, 5200, 320);
}

double broadcastShare(std::int64_t step) {
  return 0.90 * rise(step, 9200, 350);
}

/// A number in -1..1 that depends on nothing but its arguments.
double noise(std::uint64_t a, std::uint64_t b) {
  core::Random random(a * 1000003 + b);
  return random.uniform() * 2 - 1;
}

int keyPosition(int sequence, int seq_len) {
  return 1 + (sequence * 3 + 2) % (seq_len - 1);
}

core::Score liftScore(double lift) {
  const double chance = 0.11;
  return {chance + lift * (1 - chance), chance, lift};
}

std::shared_ptr<widgets::ProbeContext> makeProbe(const MadeRunOptions& options) {
  auto probe = std::make_shared<widgets::ProbeContext>();
  using Kind = core::RoleInfo::Kind;
  probe->roles = {
      {Kind::Noise, "noise", ""}, {Kind::Anchor, "anchor:3", "3"}, {Kind::Key, "key:x", "x"}};
  probe->pairs = {{0, 1, 2}};
  core::SequenceSet& shown = probe->shown;
  shown.seq_len = options.seq_len;
  core::Random random(7, "tokens");
  for (int i = 0; i < options.n_shown; ++i) {
    const int key = keyPosition(i, options.seq_len);
    for (int position = 0; position < options.seq_len; ++position) {
      const bool is_anchor = position == key - 1;
      shown.tokens.push_back(is_anchor ? 3 : 20 + static_cast<int>(random.below(81)));
      shown.roles.push_back(is_anchor ? 1 : position == key ? 2 : 0);
    }
    shown.lengths.push_back(options.seq_len);
    shown.targets.push_back(shown.tokens[static_cast<std::size_t>(i * options.seq_len + key)]);
    shown.groups.push_back(0);
    shown.forms.push_back(0);
    shown.splits.push_back(core::Split::Test);
  }
  return probe;
}

}  // namespace

MadeRun::MadeRun(MadeRunOptions options)
    : m_options(options), m_probe(makeProbe(options)), m_history(historyUntil(options.last_step)) {}

float MadeRun::weight(std::int64_t step, int layer, int head, int sequence, int reader,
                      int source) const {
  if (source > reader) {
    return 0;
  }
  const auto seed = static_cast<std::uint64_t>(layer * 64 + head + 1);
  const auto place = static_cast<std::uint64_t>((sequence * 100 + reader) * 100 + source);
  const double plain = 1.0 / (reader + 1) * (1 + 0.5 * noise(seed, place));
  const int key = keyPosition(sequence, m_options.seq_len);
  double share = 0;
  int target = -1;
  if (head == 0 && layer == 0 && reader > 0) {
    share = shiftShare(step);
    target = reader - 1;
  } else if (head == 0 && layer == 1 && reader >= key) {
    share = broadcastShare(step);
    target = key;
  } else if (head == 1 && layer == 1 && reader >= key) {
    share = 0.35 * rise(step, 12000, 900);
    target = key;
  }
  return static_cast<float>((1 - share) * plain + (source == target ? share : 0));
}

core::PatternBatch MadeRun::patterns(std::int64_t step, int n) const {
  core::PatternBatch batch;
  batch.n = static_cast<std::size_t>(n);
  batch.n_layers = m_options.n_layers;
  batch.n_heads = m_options.n_heads;
  batch.seq_len = m_options.seq_len;
  for (int i = 0; i < n; ++i) {
    for (int layer = 0; layer < batch.n_layers; ++layer) {
      for (int head = 0; head < batch.n_heads; ++head) {
        for (int reader = 0; reader < batch.seq_len; ++reader) {
          double sum = 0;
          const std::size_t row = batch.pattern.size();
          for (int source = 0; source < batch.seq_len; ++source) {
            batch.pattern.push_back(weight(step, layer, head, i, reader, source));
            sum += static_cast<double>(batch.pattern.back());
          }
          for (int source = 0; source < batch.seq_len; ++source) {
            float& value = batch.pattern[row + static_cast<std::size_t>(source)];
            value = static_cast<float>(static_cast<double>(value) / sum);
          }
        }
      }
    }
  }
  return batch;
}

std::shared_ptr<const core::Frame> MadeRun::frame(std::int64_t step) const {
  auto frame = std::make_shared<core::Frame>();
  frame->run_id = 1;
  frame->step = step;
  frame->shown = patterns(step, m_options.n_shown);
  frame->mean = patterns(step, 1);
  frame->scores = scores(step);
  return frame;
}

std::vector<core::HeadScores> MadeRun::scores(std::int64_t step) const {
  std::vector<core::HeadScores> all;
  for (int layer = 0; layer < m_options.n_layers; ++layer) {
    for (int head = 0; head < m_options.n_heads; ++head) {
      const auto seed = static_cast<std::uint64_t>(layer * 64 + head);
      const double jitter = 0.01 * noise(seed, static_cast<std::uint64_t>(step)) + 0.02 +
                            0.01 * static_cast<double>(head);
      core::HeadScores scores;
      const double shift = layer == 0 && head == 0 ? shiftShare(step) : 0.0;
      const double broadcast = layer == 1 && head == 0   ? broadcastShare(step)
                               : layer == 1 && head == 1 ? 0.33 * rise(step, 12000, 900)
                               : layer == 0 && head == 1 ? 0.15 * rise(step, 9000, 2000)
                                                         : 0.0;
      scores.shift_lags[0] = liftScore(shift * 0.8 + jitter);
      scores.shift_row = core::RowScore{2, 1, liftScore(shift + jitter)};
      scores.shift_consistency = shift;
      core::BroadcastScore source;
      source.source = 2;
      source.output = liftScore(broadcast + jitter);
      source.output_coverage = broadcast;
      source.output_tracking = broadcast * 0.9;
      source.later = liftScore(broadcast * 0.97);
      source.later_coverage = broadcast;
      source.later_tracking = broadcast * 0.88;
      scores.broadcasts = {source};
      scores.best_broadcast = 0;
      all.push_back(scores);
    }
  }
  return all;
}

std::shared_ptr<widgets::RunHistory> MadeRun::historyUntil(std::int64_t step) const {
  auto history = std::make_shared<widgets::RunHistory>(
      m_options.n_layers, m_options.n_heads, m_options.total_steps, std::vector<core::GroupInfo>{});
  std::vector<std::int64_t> checkpoints;
  for (std::int64_t s = 0; s <= step; s += m_options.frame_every) {
    core::Metrics metrics;
    metrics.step = s;
    const double learnt = rise(s, 9800, 420);
    metrics.train_accuracy = 0.02 + 0.98 * rise(s, 9500, 420);
    metrics.test_accuracy = 0.01 + 0.988 * learnt;
    const auto t = static_cast<std::uint64_t>(s);
    metrics.train_loss = 4.4 * std::exp(-7.0 * rise(s, 11200, 1500)) * (1 + 0.03 * noise(3, t));
    metrics.test_loss = 4.5 * std::exp(-6.2 * rise(s, 11700, 1500)) * (1 + 0.03 * noise(4, t));
    history->addMetrics(metrics);
    history->addScores(s, scores(s));
    if (s > 0) {
      core::StepMetrics one;
      one.step = s;
      one.loss = metrics.train_loss * (1 + 0.25 * noise(5, t));
      history->addStep(one);
    }
    if (s % 2000 == 0) {
      checkpoints.push_back(s);
    }
  }
  history->setCheckpoints(std::move(checkpoints));
  if (step >= 13200) {
    history->addEvent({13200, "intervention", "Learning rate halved."});
  }
  return history;
}

}  // namespace anchorlens::tests
