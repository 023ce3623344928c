// SPDX-License-Identifier: GPL-3.0-or-later
// What is dropped on the window: files and folders from elsewhere, runs from the list of runs.
#include "app/anchorlens/compare_control.h"
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "engine/core/task_text.h"
#include "widgets/compare/compare_view.h"
#include "widgets/panel_runs.h"

#include <QDockWidget>
#include <QDropEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QRegularExpression>
#include <QStatusBar>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

namespace {

/// The step of a checkpoint file inside a run; empty for anything else.
std::optional<std::int64_t> checkpointStep(const QString& path) {
  static const QRegularExpression pattern(
      QStringLiteral("/checkpoints/step-(\\d+)\\.safetensors$"));
  const auto match = pattern.match(path);
  if (!match.hasMatch())
    return std::nullopt;
  return match.captured(1).toLongLong();
}

}  // namespace

bool MainWindow::isOver(const QWidget* region, const QPoint& place) const {
  return region->isVisible() && region->rect().contains(region->mapFrom(this, place));
}

/// Now, or when the library has read it. Why a run cannot be read is said.
void MainWindow::whenRead(const RunRecord& run, std::function<void(const RunRecord&)> then) {
  if (run.isLoaded()) {
    then(run);
    return;
  }
  if (!run.problem().isEmpty()) {
    statusBar()->showMessage(run.problem());
    return;
  }
  auto* once = new QObject(this);
  connect(&m_controller, &Controller::runLoaded, once,
          [this, once, id = run.id(), then = std::move(then)](RunId loaded) {
            if (loaded != id)
              return;
            once->deleteLater();
            const RunRecord* read = m_controller.runs().find(id);
            if (read != nullptr && read->isLoaded())
              then(*read);
            else if (read != nullptr)
              statusBar()->showMessage(read->problem());
          });
}

void MainWindow::dropPath(const QString& path, const QPoint& place) {
  const auto step = checkpointStep(path);
  if (step && isOver(m_docks[RunsDock], place))
    forkCheckpoint(path, *step);
  else
    open(path, isOver(m_compare_view, place));
}

/// A file on the Composer.
void MainWindow::replaceDraftBy(const QString& file) {
  if (StudyList::isStudyFile(file)) {
    openStudy(file);
    return;
  }
  const auto spec = core::withTaskFile(m_controller.draft().spec(), toPath(file));
  if (!spec) {
    tellFileErrors(file, spec.error());
    return;
  }
  m_controller.replaceDraft(*spec, tr("replace the draft by %1").arg(QFileInfo(file).fileName()));
  showExperiment();
}

/// A row of Runs on the centre: compared with the run that was shown before it was pressed.
void MainWindow::dropRun(RunId dragged) {
  const RunRecord* shown = m_controller.shownRun();
  RunId other = shown != nullptr ? shown->id() : 0;
  if (other == dragged)
    other = m_runs->shownBeforePress();
  const auto first = recordOf(other);
  const auto second = recordOf(dragged);
  if (!first || !second || *first == *second) {
    statusBar()->showMessage(tr("Drag another run than the one that is shown: they are compared."));
    return;
  }
  whenRead(*m_controller.runs().find(*second), [this, first = *first](const RunRecord& run) {
    m_compare->setTicked({first, run.id()});
    m_compare->setOn(true);
  });
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls() || event->mimeData()->hasFormat(widgets::kRunMimeType))
    event->acceptProposedAction();
}

/// Runs of the list are taken by the centre only.
void MainWindow::dragMoveEvent(QDragMoveEvent* event) {
  const bool is_run = event->mimeData()->hasFormat(widgets::kRunMimeType);
  event->setAccepted(!is_run || isOver(centralWidget(), event->position().toPoint()));
}

void MainWindow::dropEvent(QDropEvent* event) {
  const QPoint place = event->position().toPoint();
  if (event->mimeData()->hasFormat(widgets::kRunMimeType)) {
    if (isOver(centralWidget(), place))
      dropRun(event->mimeData()->data(widgets::kRunMimeType).toULongLong());
    event->acceptProposedAction();
    return;
  }
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile())
      dropPath(url.toLocalFile(), place);
    else
      statusBar()->showMessage(tr("%1 is not a local file.").arg(url.toString()));
  }
  event->acceptProposedAction();
}

}  // namespace anchorlens::app
