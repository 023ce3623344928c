// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/export_source.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <stop_token>
#include <vector>

namespace anchorlens::app {

/// What can be taken away from a run, in the order of the dialog.
enum class ExportItem {
  SelectedHead,
  AllHeads,
  AllHeadsOverTime,
  Curves,
  Scores,
  Flow,
  Weights,
  Circuits,
  WeightsPlot,  ///< one plot of either page
  Checkpoint,
  Experiment,
  Phase,
  StudyCurves,
  StudyScores,
};
inline constexpr int kExportItems = 14;

bool isFigure(ExportItem item);
/// A figure of attention maps.
bool isOfHeads(ExportItem item);
bool isOfWeights(ExportItem item);
bool isOfStudy(ExportItem item);
ExportItem exportItemOf(widgets::FigureItem item);
/// `page`: that of WeightsPlot.
widgets::FigureItem figureItem(ExportItem item, widgets::WeightsPage page = {});

/// One thing to write and the files that it goes into.
struct ExportOrder {
  std::uint64_t number = 0;
  ExportItem item = ExportItem::AllHeads;
  FigureOrder figure;
  std::filesystem::path directory;
  core::ExperimentSpec spec;
  std::int64_t step = 0;       ///< Checkpoint: the newest at or before it
  widgets::StudyFigure study;  ///< items of a study, as they were when they were asked for
  std::filesystem::path study_folder;
};

/// Reads, draws and writes on its own thread, so that exporting never stops the window or training.
class ExportWorker : public QObject {
  Q_OBJECT

 public:
  /// The request of a figure, for the preview: prepared or refused follows.
  void prepare(const ExportOrder& order);
  /// The same figure in every format, a file each; a cancelled or failed export leaves no partial
  /// file. wrote follows after each file, then done.
  void write(const ExportOrder& order, const QStringList& files, std::stop_token stop);

 signals:
  void prepared(quint64 number, std::shared_ptr<const anchorlens::widgets::FigureRequest> request);
  void refused(quint64 number, const QString& problem);
  void wrote(quint64 number, int files, const QString& file);
  /// `problem` empty: all files are there.
  void done(quint64 number, int files, const QString& problem);

 private:
  core::Expected<RunFigures*, QString> run(const std::filesystem::path& directory);
  core::Expected<widgets::FigureRequest, QString> request(const ExportOrder& order);
  QString writeFile(const ExportOrder& order, const QString& file);
  void guard(quint64 number, const std::function<void()>& work);

  std::filesystem::path m_directory;
  std::unique_ptr<RunFigures> m_run;
};

/// Writes an item of a study into one file; returns what went wrong, or nothing.
QString exportStudyItem(const ExportOrder& order, const QString& file);
/// Writes one item into one file; returns what went wrong, or nothing. For the command line too.
QString exportItem(RunFigures& run, const ExportOrder& order, const QString& file);

}  // namespace anchorlens::app
