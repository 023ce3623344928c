// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/export_worker.h"

#include "app/anchorlens/places.h"
#include "app/anchorlens/study_figures.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"

#include <QFile>

#include <exception>
#include <utility>

namespace anchorlens::app {

bool isFigure(ExportItem item) {
  return item != ExportItem::Checkpoint && item != ExportItem::Experiment;
}

bool isOfStudy(ExportItem item) {
  return widgets::isOfStudy(figureItem(item));
}

ExportItem exportItemOf(widgets::FigureItem item) {
  for (int i = 0; i < kExportItems; ++i) {
    const auto known = static_cast<ExportItem>(i);
    if (isFigure(known) && figureItem(known) == item)
      return known;
  }
  return ExportItem::AllHeads;
}

bool isOfHeads(ExportItem item) {
  return item == ExportItem::SelectedHead || item == ExportItem::AllHeads ||
         item == ExportItem::AllHeadsOverTime;
}

bool isOfWeights(ExportItem item) {
  return item == ExportItem::Weights || item == ExportItem::Circuits ||
         item == ExportItem::WeightsPlot;
}

widgets::FigureItem figureItem(ExportItem item, widgets::WeightsPage page) {
  switch (item) {
    case ExportItem::Weights:
      return widgets::FigureItem::Weights;
    case ExportItem::Circuits:
      return widgets::FigureItem::Circuits;
    case ExportItem::WeightsPlot:
      return page == widgets::WeightsPage::Circuits ? widgets::FigureItem::Circuits
                                                    : widgets::FigureItem::Weights;
    case ExportItem::SelectedHead:
      return widgets::FigureItem::SelectedHead;
    case ExportItem::AllHeadsOverTime:
      return widgets::FigureItem::AllHeadsOverTime;
    case ExportItem::Curves:
      return widgets::FigureItem::Curves;
    case ExportItem::Scores:
      return widgets::FigureItem::Scores;
    case ExportItem::Flow:
      return widgets::FigureItem::Flow;
    case ExportItem::Phase:
      return widgets::FigureItem::Phase;
    case ExportItem::StudyCurves:
      return widgets::FigureItem::StudyCurves;
    case ExportItem::StudyScores:
      return widgets::FigureItem::StudyScores;
    default:
      return widgets::FigureItem::AllHeads;
  }
}

namespace {

QString writeBytes(const QString& file, const QByteArray& bytes) {
  const auto written = core::writeFileAtomically(
      toPath(file), {bytes.constData(), static_cast<std::size_t>(bytes.size())});
  return written ? QString() : QString::fromStdString(written.error().text());
}

}  // namespace

QString exportStudyItem(const ExportOrder& order, const QString& file) {
  const auto request =
      studyRequest(order.study_folder, order.study, order.figure.item, order.figure.style);
  const QString problem = widgets::figureProblem(request);
  if (!problem.isEmpty())
    return problem;
  const auto written = widgets::exportFigure(request, toPath(file));
  return written ? QString() : QString::fromStdString(written.error().text());
}

QString exportItem(RunFigures& run, const ExportOrder& order, const QString& file) {
  if (order.item == ExportItem::Experiment)
    return writeBytes(file, QByteArray::fromStdString(core::writeExperiment(run.spec())));
  if (order.item == ExportItem::Checkpoint) {
    const auto checkpoint = run.checkpointAt(order.step);
    if (!checkpoint)
      return ExportWorker::tr("There is no checkpoint at or before step %1.").arg(order.step);
    QFile source(toText(checkpoint->file));
    if (!source.open(QIODevice::ReadOnly))
      return source.fileName() + QStringLiteral(": ") + source.errorString();
    return writeBytes(file, source.readAll());
  }
  auto request = run.request(order.figure);
  if (!request)
    return request.error();
  const QString problem = widgets::figureProblem(*request);
  if (!problem.isEmpty())
    return problem;
  const auto written = widgets::exportFigure(*request, toPath(file));
  return written ? QString() : QString::fromStdString(written.error().text());
}

void ExportWorker::guard(quint64 number, const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    emit done(number, 0, QString::fromStdString(error.what()));
  }
}

core::Expected<RunFigures*, QString> ExportWorker::run(const std::filesystem::path& directory) {
  // Read anew each time: a run in training has grown since.
  auto opened = RunFigures::open(directory);
  if (!opened)
    return core::Unexpected(opened.error());
  m_run = std::move(*opened);
  m_directory = directory;
  return m_run.get();
}

core::Expected<widgets::FigureRequest, QString> ExportWorker::request(const ExportOrder& order) {
  if (isOfStudy(order.item))
    return studyRequest(order.study_folder, order.study, order.figure.item, order.figure.style);
  auto opened = run(order.directory);
  if (!opened)
    return core::Unexpected(opened.error());
  return (*opened)->request(order.figure);
}

void ExportWorker::prepare(const ExportOrder& order) {
  guard(order.number, [&] {
    auto wanted = request(order);
    const QString problem = wanted ? widgets::figureProblem(*wanted) : wanted.error();
    if (!problem.isEmpty())
      emit refused(order.number, problem);
    else
      emit prepared(order.number,
                    std::make_shared<const widgets::FigureRequest>(std::move(*wanted)));
  });
}

QString ExportWorker::writeFile(const ExportOrder& order, const QString& file) {
  if (isOfStudy(order.item))
    return exportStudyItem(order, file);
  if (order.directory.empty()) {
    // The draft has an experiment and nothing else yet.
    return writeBytes(file, QByteArray::fromStdString(core::writeExperiment(order.spec)));
  }
  auto opened = run(order.directory);
  return opened ? exportItem(**opened, order, file) : opened.error();
}

void ExportWorker::write(const ExportOrder& order, const QStringList& files, std::stop_token stop) {
  guard(order.number, [&] {
    int written = 0;
    for (const QString& file : files) {
      if (stop.stop_requested()) {
        emit done(order.number, written, tr("Cancelled."));
        return;
      }
      const QString problem = writeFile(order, file);
      if (!problem.isEmpty()) {
        emit done(order.number, written, problem);
        return;
      }
      emit wrote(order.number, ++written, file);
    }
    emit done(order.number, written, {});
  });
}

}  // namespace anchorlens::app
