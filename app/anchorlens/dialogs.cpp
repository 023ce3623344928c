// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/dialogs.h"

#include "app/anchorlens/places.h"
#include "widgets/number_format.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
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
}  // namespace

QString Dialogs::askFile(QWidget* parent, const QString& title, const QString& proposal,
                         const QString& suffix, const QString& filter) {
  QString file = saveFile(parent, title, proposal, filter);
  if (file.isEmpty() || QFileInfo(file).suffix() == suffix)
    return file;
  file += QLatin1Char('.') + suffix;
  const bool is_free = !QFileInfo::exists(file) || replaceFiles(parent, {file});
  return is_free ? file : QString();
}

QString QtDialogs::openExperiment(QWidget* parent) {
  return QFileDialog::getOpenFileName(parent, tr("Open experiment"), {},
                                      tr("Experiments (*.json);;All files (*)"));
}

QString QtDialogs::openRun(QWidget* parent) {
  return QFileDialog::getExistingDirectory(parent, tr("Open run"), defaultRunFolder());
}

QString QtDialogs::openFile(QWidget* parent, const QString& title, const QString& filter) {
  return QFileDialog::getOpenFileName(parent, title, {}, filter);
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

Dialogs::UnsavedChoice QtDialogs::closeUnsaved(QWidget* parent, const QString& run,
                                               std::int64_t lost_steps) {
  QMessageBox box(QMessageBox::Warning, tr("Close"), tr("%1 could not be saved.").arg(run),
                  QMessageBox::NoButton, parent);
  QString text =
      tr("Free space or mend its folder, then try again. Without it what was trained "
         "since the last checkpoint is lost");
  text += lost_steps > 0 ? tr(": %1 steps.").arg(widgets::formatInteger(lost_steps)) : tr(".");
  box.setInformativeText(text);
  auto* again = box.addButton(tr("Try again"), QMessageBox::AcceptRole);
  auto* close = box.addButton(tr("Close without saving"), QMessageBox::DestructiveRole);
  box.addButton(tr("Cancel"), QMessageBox::RejectRole);
  box.setDefaultButton(again);
  box.exec();
  if (box.clickedButton() == again)
    return UnsavedChoice::TryAgain;
  return box.clickedButton() == close ? UnsavedChoice::Close : UnsavedChoice::Cancel;
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
  QMessageBox box(QMessageBox::Question, tr("Replace"),
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
