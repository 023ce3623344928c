// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/attention_question.h"
#include "app/anchorlens/export/figure_material.h"

#include <filesystem>

namespace anchorlens::app {

/// Names the steps that a run has where it has not been at all of `steps`; empty: it has.
QString whyNoSuchSteps(const std::filesystem::path& run, const std::vector<std::int64_t>& steps);

/// A run directory as figures need it: read once.
class RunMaterial : public FigureMaterial {
 public:
  /// `without`: heads whose output is 0 wherever the model is looked into.
  static Found<std::unique_ptr<RunMaterial>> open(const std::filesystem::path& directory,
                                                  std::vector<core::HeadRef> without = {});

  const core::ExperimentSpec& spec() const override { return m_spec; }
  widgets::FigureSource source() const override { return m_source; }
  Found<std::shared_ptr<const widgets::RunHistory>> history(
      const core::LabelThresholds& thresholds) override;
  Found<std::shared_ptr<const widgets::ProbeContext>> probe() override { return m_probe; }
  Found<LabelledFrame> frame(std::int64_t step, const core::LabelThresholds& thresholds) override;
  Found<widgets::EvaluatedPtr> evaluated(std::int64_t step, const ExportOrder& order) override;
  Found<widgets::EvaluatedPtr> moved(std::int64_t step, int sequence) override;
  Found<std::int64_t> lastStep() override;
  std::vector<engine::CausalRecord> causalTests() override;
  Found<std::vector<core::Bookmark>> bookmarks() override;
  Found<widgets::PicturePtr> weights(const ExportOrder& order) override;
  Found<std::vector<core::GroupInfo>> groups() override { return m_groups; }
  Found<core::Metrics> evaluation(std::int64_t step) override;
  Found<std::vector<widgets::GroupCurve>> groupCurves() override;
  Found<std::shared_ptr<const widgets::ProbeSummary>> summary(std::int64_t step) override;
  Found<widgets::LensData> lens(std::int64_t step, int sequence) override;
  Found<core::CheckpointInfo> checkpoint(std::int64_t step) override;

 private:
  RunMaterial() = default;
  Found<engine::RunSnapshot*> snapshotAt(std::int64_t step);
  bool isRecorded(std::int64_t step) const;
  Found<FramePtr> frameAt(std::int64_t step);
  Found<widgets::EvaluatedPtr> ask(std::int64_t step, AttentionQuestion question);

  std::unique_ptr<core::RunReader> m_reader;
  std::vector<core::HeadRef> m_without;
  std::unique_ptr<engine::RunSnapshot> m_snapshot;  ///< that was asked for last; null: none
  std::int64_t m_snapshot_step = 0;                 ///< that it was asked for
  core::ExperimentSpec m_spec;
  widgets::FigureSource m_source;
  std::shared_ptr<const widgets::ProbeContext> m_probe;
  std::shared_ptr<const widgets::RunHistory> m_history;
  std::vector<core::GroupInfo> m_groups;
  std::vector<core::Metrics> m_metrics;
  std::vector<core::CheckpointInfo> m_checkpoints;
  std::optional<std::vector<engine::CausalRecord>> m_causal_tests;
  std::unique_ptr<core::analysis::RunWeights> m_weights;  ///< null until they are asked for
};

}  // namespace anchorlens::app
