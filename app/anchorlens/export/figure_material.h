// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export/export_order.h"
#include "app/anchorlens/live_data.h"
#include "engine/core/intervention.h"
#include "engine/core/store/bookmarks.h"
#include "engine/core/store/checkpoint.h"
#include "engine/session/causal_record.h"
#include "widgets/figure/figure.h"
#include "widgets/predictions/group_paint.h"
#include "widgets/predictions/lens_view.h"
#include "widgets/predictions/probe_summary.h"
#include "widgets/run_history.h"

#include <QString>

#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <vector>

namespace anchorlens::app {

/// In the place of a step: the newest that there is.
inline constexpr std::int64_t kNewestStep = std::numeric_limits<std::int64_t>::max();

template <typename T>
using Found = core::Expected<T, QString>;  ///< or one sentence that says why not

/// A frame and what its heads are called.
struct LabelledFrame {
  FramePtr frame;
  std::vector<core::HeadLabel> labels;  ///< [layer * n_heads + head]
};

/// What figures are made from: a run on disk, or what the window holds. Things that it does not
/// have are errors that say so. One thread.
class FigureMaterial {
 public:
  virtual ~FigureMaterial() = default;
  virtual const core::ExperimentSpec& spec() const = 0;
  virtual widgets::FigureSource source() const = 0;
  /// What was changed in its training.
  const std::vector<core::Intervention>& interventions() const { return m_interventions; }
  virtual Found<std::shared_ptr<const widgets::RunHistory>> history(
      const core::LabelThresholds& thresholds);
  virtual Found<std::shared_ptr<const widgets::ProbeContext>> probe();
  /// A step that has no recorded frame is computed exactly from a checkpoint. This and what else
  /// looks into the model does so without the heads that the order takes away.
  virtual Found<LabelledFrame> frame(std::int64_t step, const core::LabelThresholds& thresholds);
  /// Values of ExportOrder::values on its sequence, where no frame has them.
  virtual Found<widgets::EvaluatedPtr> evaluated(std::int64_t step, const ExportOrder& order);
  /// Value-weighted attention of a shown sequence.
  virtual Found<widgets::EvaluatedPtr> moved(std::int64_t step, int sequence);
  virtual Found<std::int64_t> lastStep();  ///< of the frames
  /// Of the whole model: none where heads are taken away.
  virtual std::vector<engine::CausalRecord> causalTests() { return {}; }
  virtual Found<std::vector<core::Bookmark>> bookmarks();
  virtual Found<widgets::PicturePtr> weights(const ExportOrder& order);
  virtual Found<std::vector<core::GroupInfo>> groups();
  /// The last evaluation at or before a step.
  virtual Found<core::Metrics> evaluation(std::int64_t step);
  virtual Found<std::vector<widgets::GroupCurve>> groupCurves();
  /// These two are computed from the weights.
  virtual Found<std::shared_ptr<const widgets::ProbeSummary>> summary(std::int64_t step);
  virtual Found<widgets::LensData> lens(std::int64_t step, int sequence);
  /// The newest checkpoint at or before a step.
  virtual Found<core::CheckpointInfo> checkpoint(std::int64_t step);
  /// Another run, read once; it lives as long as this.
  Found<FigureMaterial*> other(const std::filesystem::path& run);

 protected:
  std::vector<core::Intervention> m_interventions;

 private:
  std::map<std::filesystem::path, std::unique_ptr<FigureMaterial>> m_others;
};

/// What an order is to be made from: its run, its study, or its draft.
Found<std::unique_ptr<FigureMaterial>> openMaterial(const ExportOrder& order);

/// Where the numbers of a run came from; `without`: heads that were taken away.
widgets::FigureSource figureSource(const QString& run_name, const core::ExperimentSpec& spec,
                                   const core::Provenance& provenance,
                                   const std::vector<core::HeadRef>& without = {});

}  // namespace anchorlens::app
