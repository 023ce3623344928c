// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/figure_material.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// What the window shows at the moment when it exports or copies.
struct ExportSource {
  QString run_name;
  /// Of the run (directory empty: a draft) with all that the views chose.
  ExportOrder order;
  std::filesystem::path study_folder;
  std::int64_t step = 0;
  LabelledFrame frame;
  bool has_without = true;  ///< frame is of the model that the order says: not the one before
  widgets::EvaluatedPtr evaluated;  ///< as the Attention tab shows it; null: none
  widgets::EvaluatedPtr moved;      ///< widths of the Flow tab; null: none
  std::shared_ptr<const widgets::ProbeContext> probe;
  std::shared_ptr<const widgets::RunHistory> history;  ///< the window's own: not to be kept
  widgets::PicturePtr weights;                         ///< as the tab shows it
  std::vector<core::Intervention> interventions;       ///< what was changed in training
  std::vector<core::Bookmark> bookmarks;
  std::vector<core::GroupInfo> groups;
  std::optional<core::Metrics> evaluation;
  std::vector<widgets::GroupCurve> group_curves;
  std::shared_ptr<const widgets::ProbeSummary> summary;  ///< as the tab shows it; null: none
  widgets::LensData lens;                                ///< likewise
};

/// The order for one kind: what the views chose, and the step under the cursor.
ExportOrder orderOf(const ExportSource& source, const ExportKind& kind);

/// What the window holds: for the clipboard, without reading anything but causal tests.
class WindowMaterial : public FigureMaterial {
 public:
  /// `without`: heads that what is asked for is without, as the frame that is shown is.
  WindowMaterial(const ExportSource& source, std::vector<core::HeadRef> without)
      : m_source(source), m_without(std::move(without)) {
    m_interventions = source.interventions;
  }
  const core::ExperimentSpec& spec() const override { return m_source.order.spec; }
  widgets::FigureSource source() const override;
  Found<std::shared_ptr<const widgets::RunHistory>> history(
      const core::LabelThresholds& thresholds) override;
  Found<std::shared_ptr<const widgets::ProbeContext>> probe() override;
  /// The one that is shown, whatever the step.
  Found<LabelledFrame> frame(std::int64_t step, const core::LabelThresholds& thresholds) override;
  Found<widgets::EvaluatedPtr> evaluated(std::int64_t step, const ExportOrder& order) override;
  Found<widgets::EvaluatedPtr> moved(std::int64_t step, int sequence) override;
  Found<std::int64_t> lastStep() override { return m_source.step; }
  std::vector<engine::CausalRecord> causalTests() override;
  Found<std::vector<core::Bookmark>> bookmarks() override { return m_source.bookmarks; }
  Found<widgets::PicturePtr> weights(const ExportOrder& order) override;
  Found<std::vector<core::GroupInfo>> groups() override { return m_source.groups; }
  Found<core::Metrics> evaluation(std::int64_t step) override;
  Found<std::vector<widgets::GroupCurve>> groupCurves() override { return m_source.group_curves; }
  Found<std::shared_ptr<const widgets::ProbeSummary>> summary(std::int64_t step) override;
  Found<widgets::LensData> lens(std::int64_t step, int sequence) override;

 private:
  QString whyNotYet() const;

  const ExportSource& m_source;
  std::vector<core::HeadRef> m_without;
};

/// A figure of what is on screen now, in the print theme; for the clipboard.
Found<widgets::Figure> figureOnScreen(const ExportSource& source, const ExportKind& kind);

}  // namespace anchorlens::app
