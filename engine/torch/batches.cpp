// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/batches.h"

#include <algorithm>
#include <numeric>

namespace anchorlens::engine {
namespace {

constexpr const char* kShuffle = "rng.shuffle";
constexpr const char* kAnswers = "rng.answers";
constexpr const char* kStream = "rng.stream";

}  // namespace

Batch makeBatch(const core::SequenceSet& set, std::size_t first, std::size_t count,
                at::Device device) {
  const auto n = static_cast<std::int64_t>(count);
  Batch batch{at::empty({n, set.seq_len}, at::kLong), at::empty({n}, at::kLong),
              hasPadding(set, first, count)};
  const auto* tokens = set.tokens.data() + first * static_cast<std::size_t>(set.seq_len);
  std::copy_n(tokens, n * set.seq_len, batch.tokens.data_ptr<std::int64_t>());
  auto* readers = batch.readers.data_ptr<std::int64_t>();
  for (std::size_t row = 0; row < count; ++row) {
    readers[row] = set.lengths[first + row] - 1;
  }
  batch.tokens = batch.tokens.to(device);
  batch.readers = batch.readers.to(device);
  return batch;
}

Batches::Batches(const core::ExperimentSpec& spec, core::Task task,
                 std::shared_ptr<const core::SequenceSet> train)
    : m_task(std::move(task)),
      m_train(std::move(train)),
      m_batch_size(static_cast<std::size_t>(spec.training.batch_size)),
      m_n_train(spec.data.n_train),
      m_is_streaming(spec.data.mode == core::DataSpec::Mode::Streaming),
      m_is_stochastic(m_task.isStochastic()),
      m_seed(spec.training.seed),
      m_shuffle(spec.training.seed, "shuffle"),
      m_epoch_start(m_shuffle),
      m_answers(spec.training.seed, "answers"),
      m_stream(spec.data.seed, "data/stream") {
  if (m_is_streaming) {
    // The right sizes; the sequences themselves are drawn anew before each step.
    core::Random scratch(spec.data.seed, "data/stream/allocate");
    m_fresh = m_task.draw(core::Split::Train, m_batch_size, scratch, false);
    return;
  }
  TORCH_CHECK(m_train != nullptr && m_train->size() > 0, "there are no training sequences");
  m_n_train = static_cast<std::int64_t>(m_train->size());
  m_batch.is_padded = hasPadding(*m_train, 0, m_train->size());
  m_order.resize(m_train->size());
  orderEpoch();
}

std::int64_t Batches::stepsPerEpoch() const {
  const auto batch_size = static_cast<std::int64_t>(m_batch_size);
  return (m_n_train + batch_size - 1) / batch_size;
}

const TrainingBatch& Batches::next() {
  if (m_is_streaming) {
    nextOfStream();
  } else {
    nextOfEpoch();
  }
  return m_batch;
}

std::optional<std::string> Batches::setMixture(const std::vector<double>& weights) {
  if (weights == m_weights) {
    return std::nullopt;
  }
  if (m_is_streaming) {
    std::optional<core::TaskMixture> mixture;
    if (!weights.empty()) {
      auto made = core::TaskMixture::make(m_task, weights);
      if (!made) {
        return made.error();
      }
      mixture = std::move(*made);
    }
    m_mixture = std::move(mixture);
    m_weights = weights;
    return std::nullopt;
  }
  for (std::size_t form = 0; form < weights.size(); ++form) {
    const bool has_any = std::find(m_train->forms.begin(), m_train->forms.end(),
                                   static_cast<std::int16_t>(form)) != m_train->forms.end();
    if (weights[form] > 0 && !has_any) {
      return "Form " + std::to_string(form) +
             " has no sequence in the training data: its weight must be 0.";
    }
  }
  m_weights = weights;
  goBack(place());  // the rest of this epoch, too
  return std::nullopt;
}

/// Fisher-Yates from the identity: the order follows from the generator's state alone. A mixture
/// draws from a generator of its own, so that the shuffles of later epochs stay what they are.
void Batches::orderEpoch() {
  m_epoch_start = m_shuffle;
  std::iota(m_order.begin(), m_order.end(), 0U);
  for (std::size_t i = m_order.size(); i > 1; --i) {
    std::swap(m_order[i - 1], m_order[m_shuffle.below(static_cast<std::uint32_t>(i))]);
  }
  if (!m_weights.empty()) {
    core::Random random(m_seed, "mixture/" + std::to_string(m_epoch));
    m_order = core::mixedOrder(m_order, m_train->forms, m_weights, random);
  }
  m_position = 0;
}

void Batches::nextOfEpoch() {
  if (m_position == m_order.size()) {
    ++m_epoch;
    orderEpoch();
  }
  const std::size_t count = std::min(m_batch_size, m_order.size() - m_position);
  m_batch.resize(count, m_train->seq_len);
  for (std::size_t row = 0; row < count; ++row) {
    const std::size_t i = m_order[m_position + row];
    m_batch.setRow(
        row, *m_train, i,
        m_is_stochastic ? m_task.drawTarget(*m_train, i, m_answers) : m_train->targets[i]);
  }
  m_position += count;
}

void Batches::nextOfStream() {
  if (m_mixture) {
    m_mixture->redraw(m_fresh, m_stream);
  } else {
    m_task.redraw(core::Split::Train, m_fresh, m_stream);
  }
  m_batch.resize(m_fresh.size(), m_fresh.seq_len);
  m_batch.is_padded = hasPadding(m_fresh, 0, m_fresh.size());
  for (std::size_t i = 0; i < m_fresh.size(); ++i) {
    m_batch.setRow(i, m_fresh, i, m_fresh.targets[i]);
  }
}

void Batches::goBack(const Place& place) {
  m_answers = place.answers;
  m_stream = place.stream;
  if (!m_is_streaming) {
    m_epoch = place.epoch;
    m_shuffle = place.epoch_start;
    orderEpoch();
    m_position = place.position;
  }
}

std::map<std::string, std::string> Batches::state() const {
  return {{kShuffle, m_epoch_start.stateText()},
          {kAnswers, m_answers.stateText()},
          {kStream, m_stream.stateText()}};
}

bool Batches::restore(const std::map<std::string, std::string>& state, std::int64_t steps_done) {
  core::Random shuffle;
  core::Random answers;
  core::Random stream;
  const auto read = [&](const char* key, core::Random& random) {
    const auto found = state.find(key);
    return found != state.end() && random.setStateText(found->second);
  };
  if (!read(kShuffle, shuffle) || !read(kAnswers, answers) || !read(kStream, stream)) {
    return false;
  }
  // The epoch of the last step that was done.
  const std::int64_t epoch = steps_done > 0 ? (steps_done - 1) / stepsPerEpoch() : 0;
  Place there{epoch, shuffle, answers, stream, 0};
  if (!m_is_streaming) {
    // After the last step of an epoch the checkpoint still has that epoch's beginning.
    const std::int64_t in_epoch = steps_done % stepsPerEpoch();
    const bool at_end = in_epoch == 0 && steps_done > 0;
    there.position =
        at_end ? m_order.size()
               : std::min(static_cast<std::size_t>(in_epoch) * m_batch_size, m_order.size());
  }
  goBack(there);
  return true;
}

}  // namespace anchorlens::engine
