// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "widgets/head_map_data.h"
#include "widgets/run_history.h"

#include <cstdint>
#include <memory>
#include <vector>

/// A made-up run for tests and pictures: `* 3 x * -> x`, 2 layers; layer 0 head 0 learns to shift
/// near step 5 200, layer 1 head 0 to broadcast the key near 9 200.
namespace anchorlens::tests {

struct MadeRunOptions {
  int n_layers = 2;
  int n_heads = 2;
  int seq_len = 9;
  int n_shown = 4;
  std::int64_t last_step = 18400;
  std::int64_t total_steps = 40000;
  std::int64_t frame_every = 40;
};

class MadeRun {
 public:
  explicit MadeRun(MadeRunOptions options = {});

  const MadeRunOptions& options() const { return m_options; }
  std::shared_ptr<const widgets::ProbeContext> probe() const { return m_probe; }
  std::shared_ptr<const core::Frame> frame(std::int64_t step) const;
  std::vector<core::HeadScores> scores(std::int64_t step) const;
  const widgets::RunHistory& history() const { return *m_history; }
  std::shared_ptr<const widgets::RunHistory> sharedHistory() const { return m_history; }
  std::shared_ptr<widgets::RunHistory> historyUntil(std::int64_t step) const;

 private:
  float weight(std::int64_t step, int layer, int head, int sequence, int reader, int source) const;
  core::PatternBatch patterns(std::int64_t step, int n) const;

  MadeRunOptions m_options;
  std::shared_ptr<const widgets::ProbeContext> m_probe;
  std::shared_ptr<const widgets::RunHistory> m_history;
};

}  // namespace anchorlens::tests
