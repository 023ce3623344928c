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
#include <utility>

namespace anchorlens::app {

namespace {
QString tr(const char* text) {
  return QCoreApplication::translate("Dialogs", text);
}

/// Before the window closes: by a button that loses nothing, by one that does, or not at all.
template <typename Choice>
Choice askBeforeClose(QWidget* parent, QMessageBox::Icon icon, const QString& text,
                      const QString& details, const std::pair<QString, Choice>& safe,
                      const std::pair<QString, Choice>& risky) {
  QMessageBox box(icon, tr("Close"), text, QMessageBox::NoButton, parent);
  box.setInformativeText(details);
  auto* safe_button = box.addButton(safe.first, QMessageBox::AcceptRole);
  auto* risky_button = box.addButton(risky.first, QMessageBox::DestructiveRole);
  box.addButton(tr("Cancel"), QMessageBox::RejectRole);
  box.setDefaultButton(safe_button);
  box.exec();
  if (box.clickedButton() == safe_button)
    return safe.second;
  return box.clickedButton() == risky_button ? risky.second : Choice::Cancel;
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
  return askBeforeClose<CloseChoice>(parent, QMessageBox::Question, tr("%1 is training.").arg(run),
                                     tr("It can be continued later from the Runs list."),
                                     {tr("Pause and save"), CloseChoice::PauseAndSave},
                                     {tr("Stop"), CloseChoice::Stop});
}

Dialogs::UnsavedChoice QtDialogs::closeUnsaved(QWidget* parent, const QString& run,
                                               std::int64_t lost_steps) {
  QString details =
      tr("Free space or mend its folder, then try again. Without it what was trained "
         "since the last checkpoint is lost");
  details += lost_steps > 0 ? tr(": %1 steps.").arg(widgets::formatInteger(lost_steps)) : tr(".");
  return askBeforeClose<UnsavedChoice>(parent, QMessageBox::Warning,
                                       tr("%1 could not be saved.").arg(run), details,
                                       {tr("Try again"), UnsavedChoice::TryAgain},
                                       {tr("Close without saving"), UnsavedChoice::Close});
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
