// SPDX-License-Identifier: GPL-3.0-or-later
// Studies: their rows in the Runs dock, Repeat with seeds and Vary.
#include "app/anchorlens/main_window.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "app/anchorlens/study_presenter.h"
#include "app/anchorlens/vary_dialog.h"
#include "widgets/panel_runs.h"
#include "widgets/study_view.h"

#include <QFileInfo>
#include <QStatusBar>
#include <QTabWidget>

#include <utility>

namespace anchorlens::app {

void MainWindow::buildStudies() {
  m_studies = new StudyList(m_controller.runs(), this);
  connect(m_studies, &StudyList::changed, &m_controller, &Controller::markRunsChanged);
  connect(m_studies, &StudyList::failed, this, [this](const QString& path, const QString& why) {
    const QFileInfo info(path);
    const QString file = info.isDir() ? QStringLiteral("/study.json: ") : QStringLiteral(": ");
    m_messages->showMessage(QStringLiteral("study"), MessageBar::Kind::Problem,
                            info.fileName() + file + why);
  });
  m_study_presenter = new StudyPresenter(*m_studies, m_controller, *m_study, this);
  connect(m_study_presenter, &StudyPresenter::availabilityChanged, this, &MainWindow::showStudyTab);
  connect(m_study_presenter, &StudyPresenter::told, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(m_study, &widgets::StudyView::pageChanged, this, &MainWindow::markSession);
  connect(m_study, &widgets::StudyView::choicesChanged, this, [this] {
    noteViewSettings(ViewPart::Study);
    markSession();
  });
  connect(m_study, &widgets::StudyView::refilled, this,
          [this] { seeViewSettings(ViewPart::Study); });
  using widgets::RunsPanel;
  connect(m_runs, &RunsPanel::studySelected, m_study_presenter, &StudyPresenter::show);
  connect(m_runs, &RunsPanel::foldToggled, m_studies, &StudyList::toggleFold);
  connect(m_runs, &RunsPanel::choicesChanged, this, [this] {
    m_runs->setRows(runRows());
    markSession();
  });
  connect(m_runs, &RunsPanel::told, this,
          [this](const QString& text) { statusBar()->showMessage(text); });
  connect(m_runs, &RunsPanel::memberSelected, this,
          [this](const QString& folder) { m_controller.openRun(toPath(folder)); });
  connect(m_runs, &RunsPanel::openFolderRequested, this, [this](quint64 id) {
    const RunRecord* run = m_controller.runs().find(id);
    m_parts.dialogs.openFolder(run != nullptr ? toText(run->directory()) : m_studies->folderOf(id));
  });
  connect(m_runs, &RunsPanel::removeRequested, this, [this](quint64 id) {
    if (m_studies->isStudy(id))
      m_studies->close(id);
    else
      m_controller.removeRun(id);
  });
  connect(m_runs, &RunsPanel::repeatRequested, this, [this](quint64 id) {
    const RunRecord* run = m_controller.runs().find(id);
    if (run != nullptr && run->isLoaded())
      vary(run->facts().spec, true);
  });
}

void MainWindow::buildStudyActions() {
  ActionMap& a = *m_actions;
  a.add(QStringLiteral("repeat-seeds"), tr("Repeat with see&ds…"), {},
        [this] { vary(m_controller.shownExperiment(), true); });
  a.add(QStringLiteral("vary"), tr("&Vary…"), {},
        [this] { vary(m_controller.shownExperiment(), false); });
}

void MainWindow::showStudyTab(bool is_there) {
  const int index = m_tabs->indexOf(m_study);
  if (!is_there && m_tabs->currentWidget() == m_study)
    m_tabs->setCurrentWidget(m_attention);
  m_tabs->setTabVisible(index, is_there);
  (*m_actions)[QStringLiteral("tab-study")]->setEnabled(is_there);
  if (is_there && std::exchange(m_is_study_wanted, false))
    m_tabs->setCurrentWidget(m_study);
}

void MainWindow::openStudy(const QString& path) {
  m_is_study_wanted = m_study_presenter->shown() == 0;
  m_studies->open(path);
  if (!m_is_study_wanted)
    m_tabs->setCurrentWidget(m_study);
  addRecent(path);
}

void MainWindow::vary(const core::ExperimentSpec& base, bool only_seeds) {
  using Start = widgets::StudyForm::Start;
  // Measured for the Training tab; else that of the run in training, if it is this one.
  std::optional<double> speed = m_controller.measuredStepsPerSecond(base);
  if (!speed && base == m_controller.shownExperiment())
    speed = m_controller.readouts().steps_per_second;
  m_vary =
      new VaryDialog(base, only_seeds ? Start::Seeds : Start::Axes, speed, m_parts.dialogs, this);
  m_vary->setAttribute(Qt::WA_DeleteOnClose);
  connect(m_vary, &VaryDialog::saved, this,
          [this](const QString& file) { statusBar()->showMessage(tr("Saved %1.").arg(file)); });
  m_vary->open();
}

VaryDialog* MainWindow::varyDialog() const {
  return m_vary;
}

}  // namespace anchorlens::app
