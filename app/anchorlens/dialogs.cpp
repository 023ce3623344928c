// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/dialogs.h"

#include "app/anchorlens/places.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

#include <limits>

namespace anchorlens::app {

namespace {
QString tr(const char* text) {
  return QCoreApplication::translate("Dialogs", text);
}
QString experimentFilter() {
  return tr("Experiments (*.json);;All files (*)");
}
}  // namespace

QString QtDialogs::openExperiment(QWidget* parent) {
  return QFileDialog::getOpenFileName(parent, tr("Open experiment"), {}, experimentFilter());
}

QString QtDialogs::openRun(QWidget* parent) {
  return QFileDialog::getExistingDirectory(parent, tr("Open run"), defaultRunFolder());
}

QString QtDialogs::openFile(QWidget* parent, const QString& title, const QString& filter) {
  return QFileDialog::getOpenFileName(parent, title, {}, filter);
}

QString QtDialogs::saveExperiment(QWidget* parent, const QString& proposal) {
  return saveFile(parent, tr("Save experiment"), proposal, experimentFilter());
}

QString QtDialogs::saveStudy(QWidget* parent, const QString& proposal) {
  return saveFile(parent, tr("Save study"), proposal, tr("Studies (*.json);;All files (*)"));
}

QString QtDialogs::saveFile(QWidget* parent, const QString& title, const QString& proposal,
                            const QString& filter) {
  return QFileDialog::getSaveFileName(parent, title, proposal, filter);
}

QString QtDialogs::chooseFolder(QWidget* parent, const QString& title, const QString& folder) {
  return QFileDialog::getExistingDirectory(parent, title, folder);
}

Dialogs::CloseChoice QtDialogs::closeWhileTraining(QWidget* parent, const QString& run) {
  QMessageBox box(QMessageBox::Question, tr("Close"), tr("%1 is training.").arg(run),
                  QMessageBox::NoButton, parent);
  box.setInformativeText(tr("It can be continued later from the Runs list."));
  auto* pause = box.addButton(tr("Pause and save"), QMessageBox::AcceptRole);
  auto* stop = box.addButton(tr("Stop"), QMessageBox::DestructiveRole);
  box.addButton(tr("Cancel"), QMessageBox::RejectRole);
  box.setDefaultButton(pause);
  box.exec();
  if (box.clickedButton() == pause)
    return CloseChoice::PauseAndSave;
  return box.clickedButton() == stop ? CloseChoice::Stop : CloseChoice::Cancel;
}

std::optional<std::int64_t> QtDialogs::moreSteps(QWidget* parent, const QString& run,
                                                 std::int64_t proposal) {
  bool is_accepted = false;
  const int steps = QInputDialog::getInt(
      parent, tr("Continue"), tr("%1 is finished. Train this many more steps:").arg(run),
      static_cast<int>(proposal), 1, std::numeric_limits<int>::max(), 100, &is_accepted);
  if (!is_accepted)
    return std::nullopt;
  return steps;
}

bool QtDialogs::replaceFiles(QWidget* parent, const QStringList& files) {
  QMessageBox box(QMessageBox::Question, tr("Export"),
                  files.size() == 1 ? tr("This file exists:") : tr("These files exist:"),
                  QMessageBox::NoButton, parent);
  box.setInformativeText(files.join(QLatin1Char('\n')));
  auto* replace = box.addButton(tr("Replace"), QMessageBox::AcceptRole);
  box.addButton(tr("Cancel"), QMessageBox::RejectRole);
  box.exec();
  return box.clickedButton() == replace;
}

void QtDialogs::openFolder(const QString& folder) {
  QDesktopServices::openUrl(QUrl::fromLocalFile(folder));
}

}  // namespace anchorlens::app
