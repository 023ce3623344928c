// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/live_data.h"
#include "widgets/figure.h"
#include "widgets/weights/weights_picture.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace anchorlens::app {

/// What the window shows at the moment when it exports or copies.
struct ExportSource {
  std::filesystem::path directory;  ///< empty: the draft
  QString run_name;
  core::ExperimentSpec spec;
  std::shared_ptr<const widgets::ProbeContext> probe;
  widgets::ProbeChoice choice;
  int layer = 0;
  int head = 0;
  std::int64_t step = 0;
  FramePtr frame;
  std::vector<core::HeadLabel> labels;
  std::shared_ptr<const widgets::RunHistory> history;
  widgets::ColourMap map = widgets::ColourMap::Viridis;
  bool per_head = false;
  bool log_time = false;
  widgets::FlowOptions flow;
  QString route;  ///< name of the flow graph's route; empty: the first
  core::LabelThresholds thresholds;
  widgets::StudyFigure study;  ///< of the Study view; without data: none is open
  std::filesystem::path study_folder;
  widgets::PicturePtr weights;  ///< as the tab shows it
  widgets::WeightsChoice weights_choice;
  QString plot;  ///< the one with the focus
};

/// A figure of what is on screen now, in the print theme; for the clipboard.
widgets::FigureRequest figureRequest(const ExportSource& source, widgets::FigureItem item);

/// What a figure is to show; the same whether the window or the command line asks.
struct FigureOrder {
  widgets::FigureItem item = widgets::FigureItem::AllHeads;
  widgets::FigureStyle style;
  std::vector<std::int64_t> steps;  ///< one; several over time; empty: the last one
  widgets::ProbeChoice choice;
  int layer = 0;
  int head = 0;
  widgets::FlowOptions flow;
  QString route;  ///< Flow: by name; empty: the first
  core::LabelThresholds thresholds;
  widgets::WeightsChoice weights;
  QString plot;  ///< id of one plot of Weights or Circuits; empty: the whole page
};

/// A run directory as figures need it: read once, then asked for figures. One thread.
class RunFigures {
 public:
  static core::Expected<std::unique_ptr<RunFigures>, QString> open(
      const std::filesystem::path& directory);

  /// A step that has no recorded frame is computed exactly from a checkpoint (engine::RunSnapshot);
  /// where that fails the error says why. The request names the steps that were taken.
  core::Expected<widgets::FigureRequest, QString> request(const FigureOrder& order);

  /// The newest checkpoint at or before a step; empty when there is none.
  std::optional<core::CheckpointInfo> checkpointAt(std::int64_t step) const;
  const core::ExperimentSpec& spec() const { return m_spec; }
  std::int64_t lastStep() const;
  const widgets::RunHistory& history() const { return *m_history; }
  /// Steps at which a head got its label, ascending.
  std::vector<std::int64_t> emergenceSteps() const;

 private:
  RunFigures() = default;
  core::Expected<FramePtr, QString> frameAt(std::int64_t step) const;
  core::Expected<widgets::PicturePtr, QString> weightsAt(const FigureOrder& order) const;

  std::unique_ptr<core::RunReader> m_reader;
  core::ExperimentSpec m_spec;
  widgets::FigureSource m_source;
  std::shared_ptr<const widgets::ProbeContext> m_probe;
  std::shared_ptr<widgets::RunHistory> m_history;
  std::vector<core::CheckpointInfo> m_checkpoints;
};

/// Where the numbers of a run came from; `started` of its provenance.
widgets::FigureSource figureSource(const QString& run_name, const core::ExperimentSpec& spec,
                                   const core::Provenance& provenance);

}  // namespace anchorlens::app
