// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/store/run_fixture.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace run_fixture {

core::ExperimentSpec makeSpec(int n_heads) {
  core::ExperimentSpec spec;
  spec.name = "made up";
  spec.task.forms = {core::FormSpec{"* 3 x * -> x", 1.0, {}, {}}};
  spec.task.keys = {{"x", {{20, 100}}}};
  core::ResidueRule rule;
  rule.key = "x";
  spec.task.held_out = {rule};
  spec.model.n_layers = 2;
  spec.model.n_heads = n_heads;
  spec.model.d_model = 64;
  return spec;
}

core::StepMetrics makeStep(std::int64_t step) {
  const auto s = static_cast<double>(step);
  return {step, 5.3 / (1 + s), 0.1 * s, 1e-4 * s};
}

core::Metrics makeMetrics(std::int64_t step) {
  const auto s = static_cast<double>(step);
  core::Metrics metrics;
  metrics.step = step;
  metrics.epoch = s / 32;
  metrics.learning_rate = 1e-5 * s;
  for (std::int32_t group = 0; group < 3; ++group) {
    metrics.groups.push_back({group, 500 + group, 1 / (1 + s + group), s * 0.25 + group});
  }
  metrics.train_accuracy = 0.5 + s * 1e-3;
  metrics.train_loss = 2.5 - s * 1e-3;
  metrics.test_accuracy = std::nan("");
  metrics.test_loss = std::nan("");
  return metrics;
}

namespace {

/// Rows that sum to 1 over the visible columns.
void fillPattern(float* cells, int seq_len, double seed) {
  for (int q = 0; q < seq_len; ++q) {
    std::vector<double> weights;
    for (int k = 0; k <= q; ++k) {
      weights.push_back(std::exp(2.0 * std::sin(seed + 12.9898 * q + 78.233 * k * (q + 1))));
    }
    double sum = 0;
    for (const double weight : weights) {
      sum += weight;
    }
    for (int k = 0; k <= q; ++k) {
      cells[q * seq_len + k] = static_cast<float>(weights[static_cast<std::size_t>(k)] / sum);
    }
  }
}

core::PatternBatch makePatterns(std::size_t n, int n_layers, int n_heads, int seq_len,
                                double seed) {
  core::PatternBatch batch{n, n_layers, n_heads, seq_len, {}};
  batch.pattern.resize(n * batch.heads() * batch.cells());
  for (std::size_t i = 0; i < n * batch.heads(); ++i) {
    fillPattern(batch.pattern.data() + i * batch.cells(), seq_len,
                seed + static_cast<double>(i) * 0.37);
  }
  return batch;
}

core::Score makeScore(double mass, double chance) {
  return {mass, chance, core::lift(mass, chance)};
}

}  // namespace

core::HeadScores makeScores(double seed, std::size_t n_rows, std::size_t n_broadcasts) {
  const auto wave = [seed](double k) { return 0.5 + 0.5 * std::sin(seed + 1.7 * k); };
  core::HeadScores scores;
  for (std::size_t lag = 0; lag < 4; ++lag) {
    const auto d = static_cast<double>(lag);
    scores.shift_lags[lag] = makeScore(wave(d), 0.2 + 0.01 * d);
  }
  scores.shift_lag = 1 + static_cast<int>(3.99 * wave(5));
  scores.shift_consistency = wave(6);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const auto k = static_cast<double>(i);
    scores.shift_rows.push_back({static_cast<std::uint8_t>(2 + i), static_cast<std::uint8_t>(1 + i),
                                 makeScore(wave(7 + k), 0.15)});
  }
  if (n_rows > 0) {
    scores.shift_row = scores.shift_rows.front();
  }
  for (std::size_t i = 0; i < n_broadcasts; ++i) {
    const auto k = 10 * static_cast<double>(i);
    core::BroadcastScore each;
    each.source = static_cast<std::uint8_t>(1 + i);
    each.output = makeScore(wave(20 + k), 1.0 / 9);
    each.output_coverage = wave(21 + k);
    each.output_tracking = wave(22 + k);
    each.output_fixed_column = static_cast<int>(8 * wave(23 + k));
    each.output_fixed_lift = -wave(24 + k);
    if (i % 2 == 0) {
      each.later = makeScore(wave(25 + k), 0.2);
      each.later_coverage = wave(26 + k);
      each.later_tracking = wave(27 + k);
      each.later_fixed_column = static_cast<int>(5 * wave(28 + k));
      each.later_fixed_lift = wave(29 + k);
    }
    scores.broadcasts.push_back(each);
  }
  scores.best_broadcast = n_broadcasts == 0 ? -1 : static_cast<int>(n_broadcasts) - 1;
  scores.self = makeScore(wave(40), 0.3);
  scores.sink = makeScore(wave(41), 0.3);
  scores.previous = scores.shift_lags[0];
  scores.duplicate = makeScore(wave(42), 0.25);
  return scores;
}

core::Frame makeFrame(std::int64_t step, int n_layers, int n_heads, int n_shown, int seq_len) {
  const auto s = static_cast<double>(step);
  core::Frame frame;
  frame.step = step;
  frame.epoch = s / 32;
  frame.shown = makePatterns(static_cast<std::size_t>(n_shown), n_layers, n_heads, seq_len, s);
  frame.mean = makePatterns(1, n_layers, n_heads, seq_len, s + 0.5);
  for (int i = 0; i < n_layers * n_heads; ++i) {
    frame.scores.push_back(makeScores(s + i));
  }
  for (int i = 0; i < n_shown; ++i) {
    core::Prediction prediction;
    for (std::size_t k = 0; k < 5; ++k) {
      const int rank = static_cast<int>(k);
      prediction.tokens[k] = 20 + i + rank;
      prediction.p[k] = 0.5F / static_cast<float>(1 + rank) / static_cast<float>(1 + i);
    }
    frame.predictions.push_back(prediction);
  }
  frame.probe_accuracy = 1 - 1 / (1 + s);
  frame.probe_loss = 1 / (1 + s);
  return frame;
}

core::Checkpoint makeCheckpoint(std::int64_t step, bool with_optimizer, std::size_t n) {
  core::Checkpoint checkpoint;
  checkpoint.metadata = {{"step", std::to_string(step)}, {"epoch", "0.5"}};
  std::vector<std::string> names{"embedding.weight", "unembedding.weight"};
  if (with_optimizer) {
    names.insert(names.end(), {"optimizer.m", "optimizer.v"});
  }
  for (const std::string& name : names) {
    core::Tensor tensor{name, core::DType::F32, {static_cast<std::int64_t>(n), 4}, {}};
    tensor.data.resize(n * 16);
    for (std::size_t i = 0; i < n * 4; ++i) {
      const float value = static_cast<float>(i) * 0.01F + static_cast<float>(step) +
                          static_cast<float>(name.size());
      std::memcpy(tensor.data.data() + i * 4, &value, 4);
    }
    checkpoint.tensors.push_back(std::move(tensor));
  }
  return checkpoint;
}

namespace {

bool sameBits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}
bool sameNumber(double a, double b) {
  return sameBits(a, b) || (std::isnan(a) && std::isnan(b));
}
bool same(const core::Score& a, const core::Score& b) {
  return sameNumber(a.mass, b.mass) && sameNumber(a.chance, b.chance) && sameNumber(a.lift, b.lift);
}
bool same(const core::RowScore& a, const core::RowScore& b) {
  return a.reader == b.reader && a.source == b.source && same(a.score, b.score);
}
bool same(const core::Prediction& a, const core::Prediction& b) {
  return a.tokens == b.tokens && a.p == b.p;
}
bool same(const core::BroadcastScore& a, const core::BroadcastScore& b);
template <typename T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}
template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& x, const T& y) { return same(x, y); });
}
bool same(const core::BroadcastScore& a, const core::BroadcastScore& b) {
  return a.source == b.source && same(a.output, b.output) && same(a.later, b.later) &&
         sameNumber(a.output_coverage, b.output_coverage) &&
         sameNumber(a.output_tracking, b.output_tracking) &&
         a.output_fixed_column == b.output_fixed_column &&
         sameNumber(a.output_fixed_lift, b.output_fixed_lift) &&
         sameNumber(a.later_coverage, b.later_coverage) &&
         sameNumber(a.later_tracking, b.later_tracking) &&
         a.later_fixed_column == b.later_fixed_column &&
         sameNumber(a.later_fixed_lift, b.later_fixed_lift);
}
bool same(const core::PatternBatch& a, const core::PatternBatch& b) {
  return a.n == b.n && a.n_layers == b.n_layers && a.n_heads == b.n_heads &&
         a.seq_len == b.seq_len &&
         std::equal(a.pattern.begin(), a.pattern.end(), b.pattern.begin(), b.pattern.end(),
                    [](float x, float y) {
                      return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
                    });
}

}  // namespace

bool sameScores(const core::HeadScores& a, const core::HeadScores& b) {
  return std::equal(a.shift_lags.begin(), a.shift_lags.end(), b.shift_lags.begin(),
                    [](const auto& x, const auto& y) { return same(x, y); }) &&
         a.shift_lag == b.shift_lag && sameNumber(a.shift_consistency, b.shift_consistency) &&
         same(a.shift_row, b.shift_row) && same(a.shift_rows, b.shift_rows) &&
         same(a.broadcasts, b.broadcasts) && a.best_broadcast == b.best_broadcast &&
         same(a.self, b.self) && same(a.sink, b.sink) && same(a.previous, b.previous) &&
         same(a.induction, b.induction) && same(a.duplicate, b.duplicate);
}

bool sameScores(const std::vector<core::HeadScores>& a, const std::vector<core::HeadScores>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return sameScores(x, y); });
}

bool sameFrame(const core::Frame& a, const core::Frame& b) {
  return a.step == b.step && sameNumber(a.epoch, b.epoch) && same(a.shown, b.shown) &&
         same(a.mean, b.mean) && sameScores(a.scores, b.scores) &&
         same(a.predictions, b.predictions) && sameNumber(a.probe_accuracy, b.probe_accuracy) &&
         sameNumber(a.probe_loss, b.probe_loss);
}

bool sameMetrics(const core::Metrics& a, const core::Metrics& b) {
  const auto same_group = [](const core::GroupMetrics& x, const core::GroupMetrics& y) {
    return x.group == y.group && x.n == y.n && sameNumber(x.accuracy, y.accuracy) &&
           sameNumber(x.loss, y.loss);
  };
  return a.step == b.step && sameNumber(a.epoch, b.epoch) &&
         sameNumber(a.learning_rate, b.learning_rate) &&
         sameNumber(a.train_accuracy, b.train_accuracy) && sameNumber(a.train_loss, b.train_loss) &&
         sameNumber(a.test_accuracy, b.test_accuracy) && sameNumber(a.test_loss, b.test_loss) &&
         std::equal(a.groups.begin(), a.groups.end(), b.groups.begin(), b.groups.end(), same_group);
}

bool sameStep(const core::StepMetrics& a, const core::StepMetrics& b) {
  return a.step == b.step && sameNumber(a.loss, b.loss) && sameNumber(a.grad_norm, b.grad_norm) &&
         sameNumber(a.learning_rate, b.learning_rate);
}

std::string readFile(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void overwrite(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
}

void flipBit(const std::filesystem::path& file, std::size_t bit) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  const auto place = static_cast<std::streamoff>(bit / 8);
  stream.seekg(place);
  const int byte = stream.get();
  stream.seekp(place);
  stream.put(static_cast<char>(byte ^ (1 << (bit % 8))));
}

std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    contents[std::filesystem::relative(entry.path(), folder).string()] =
        entry.is_regular_file() ? readFile(entry.path()) : "folder";
  }
  return contents;
}

}  // namespace run_fixture
