// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_list.h"

#include "app/anchorlens/experiment_diff.h"
#include "app/anchorlens/places.h"
#include "engine/session/import_run.h"
#include "widgets/number_format.h"

#include <QObject>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace anchorlens::app {

RunRecord& RunList::add(const std::filesystem::path& directory, const QString& name, int colour) {
  auto run = std::make_unique<RunRecord>(m_next_id++, directory, name);
  run->setColour(colour >= 0 ? colour : m_next_colour);
  run->setThresholds(m_thresholds);
  m_next_colour = run->colour() + 1;
  m_runs.push_back(std::move(run));
  return *m_runs.back();
}

void RunList::setThresholds(const core::LabelThresholds& thresholds) {
  m_thresholds = thresholds;
  for (const auto& run : m_runs)
    run->setThresholds(thresholds);
}

std::unique_ptr<RunRecord> RunList::take(RunId id) {
  const auto found =
      std::find_if(m_runs.begin(), m_runs.end(), [id](const auto& run) { return run->id() == id; });
  if (found == m_runs.end())
    return nullptr;
  auto run = std::move(*found);
  m_runs.erase(found);
  return run;
}

void RunList::insert(std::unique_ptr<RunRecord> run, std::size_t place) {
  const auto at = std::min(place, m_runs.size());
  run->setThresholds(m_thresholds);
  m_runs.insert(m_runs.begin() + static_cast<std::ptrdiff_t>(at), std::move(run));
}

ListedRuns RunList::listed() const {
  ListedRuns listed;
  for (std::size_t i = 0; i < m_runs.size(); ++i)
    listed[toText(m_runs[i]->directory())] = {m_runs[i]->name(), m_runs[i]->colour(), i};
  return listed;
}

RunEntry RunList::entryOf(const RunRecord& run) const {
  const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                  [&run](const auto& other) { return other.get() == &run; });
  return {toText(run.directory()),
          ListedRun{run.name(), run.colour(), static_cast<std::size_t>(found - m_runs.begin())}};
}

RunRecord* RunList::find(RunId id) const {
  for (const auto& run : m_runs) {
    if (run->id() == id)
      return run.get();
  }
  return nullptr;
}

RunRecord* RunList::find(const std::filesystem::path& directory) const {
  const auto wanted = cleanPath(directory);
  for (const auto& run : m_runs) {
    if (cleanPath(run->directory()) == wanted)
      return run.get();
  }
  return nullptr;
}

QString RunList::differenceOf(std::size_t index) const {
  const RunRecord& run = *m_runs[index];
  if (!run.isLoaded())
    return run.problem();
  if (!run.facts().parent.empty())
    return forkText(run);
  for (std::size_t before = index; before-- > 0;) {
    if (m_runs[before]->isLoaded()) {
      return experimentDifference(m_runs[before]->facts().spec, run.facts().spec);
    }
  }
  return QObject::tr("seed %1").arg(run.facts().spec.training.seed);
}

/// "fork of Run 2 at 4 000, lr 0.001 → 0.0005"
QString RunList::forkText(const RunRecord& run) const {
  const RunRecord* parent = find(run.facts().parent);
  QString text = QObject::tr("fork of %1 at %2")
                     .arg(parent != nullptr ? parent->name() : runNameOf(run.facts().parent),
                          widgets::formatInteger(run.facts().fork_step));
  if (parent != nullptr && parent->isLoaded()) {
    const QString difference = experimentDifference(parent->facts().spec, run.facts().spec);
    text += difference.isEmpty() ? QString() : QStringLiteral(", ") + difference;
  }
  return text;
}

/// The place of the run that a run was forked from; its own when that is not in the list.
std::size_t RunList::parentOf(std::size_t index) const {
  const RunRecord& run = *m_runs[index];
  const RunRecord* parent =
      run.isLoaded() && !run.facts().parent.empty() ? find(run.facts().parent) : nullptr;
  const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                  [parent](const auto& other) { return other.get() == parent; });
  return found == m_runs.end() ? index : static_cast<std::size_t>(found - m_runs.begin());
}

/// Newest first, and forks under their parent, newest first again.
void RunList::addTree(std::size_t index, int depth, const std::vector<std::size_t>& parents,
                      std::vector<bool>& is_there, std::vector<widgets::RunRow>& rows) const {
  if (is_there[index])
    return;
  is_there[index] = true;
  rows.push_back(rowOf(index));
  rows.back().depth = depth;
  for (std::size_t i = m_runs.size(); i-- > 0;) {
    if (parents[i] == index)
      addTree(i, depth + 1, parents, is_there, rows);
  }
}

std::vector<widgets::RunRow> RunList::rows() const {
  std::vector<widgets::RunRow> rows;
  std::vector<std::size_t> parents;
  for (std::size_t i = 0; i < m_runs.size(); ++i)
    parents.push_back(parentOf(i));
  std::vector<bool> is_there(m_runs.size(), false);
  for (std::size_t i = m_runs.size(); i-- > 0;) {
    if (parents[i] == i)
      addTree(i, 0, parents, is_there, rows);
  }
  // Folders that name each other as parents have no root.
  for (std::size_t i = m_runs.size(); i-- > 0;)
    addTree(i, 0, parents, is_there, rows);
  return rows;
}

widgets::RunRow RunList::rowOf(std::size_t index) const {
  const RunRecord& run = *m_runs[index];
  widgets::RunRow row;
  row.id = run.id();
  row.name = run.name();
  row.colour = run.colour();
  row.state = run.state();
  row.status = !run.problem().isEmpty() && !run.isLoaded()
                   ? QObject::tr("cannot be read")
                   : widgets::runStatusText(run.state(), run.status().step);
  if (isInterrupted(run)) {
    row.state = core::RunState::Paused;
    row.status = QObject::tr("interrupted at %1").arg(widgets::formatInteger(run.lastStep()));
  }
  row.difference = differenceOf(index);
  row.problem =
      !run.problem().isEmpty() ? run.problem() : QString::fromStdString(run.status().reason);
  row.test_accuracy = run.testAccuracy();
  row.is_ours = run.isOurs();
  row.can_continue = canContinue(run);
  if (run.isLoaded() && run.facts().is_foreign)
    row.continue_problem = QString::fromUtf8(engine::kForeignText);
  row.can_fork = run.isLoaded() && !run.history().checkpoints().empty();
  row.folder = toText(run.directory());
  return row;
}

QString runNameOf(const std::filesystem::path& directory) {
  static const QRegularExpression numbered(QStringLiteral("^run-0*(\\d+)$"));
  const QString name = toText(directory.filename());
  const auto match = numbered.match(name);
  return match.hasMatch() ? QObject::tr("Run %1").arg(match.captured(1)) : name;
}

bool isInterrupted(const RunRecord& run) {
  return run.isLoaded() && !run.isOurs() && !run.status().held &&
         (run.state() == core::RunState::Training || run.state() == core::RunState::Created);
}

bool canContinue(const RunRecord& run) {
  if (!run.isLoaded() || run.state() == core::RunState::Failed || run.facts().is_foreign)
    return false;
  const bool is_training_here = run.isOurs() && run.state() == core::RunState::Training;
  const bool is_held_elsewhere = !run.isOurs() && run.status().held;
  return !is_training_here && !is_held_elsewhere;
}

}  // namespace anchorlens::app
