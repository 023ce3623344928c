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

std::unique_ptr<RunRecord> RunList::take(RunId id, std::size_t* place) {
  const auto found =
      std::find_if(m_runs.begin(), m_runs.end(), [id](const auto& run) { return run->id() == id; });
  if (found == m_runs.end())
    return nullptr;
  if (place != nullptr)
    *place = static_cast<std::size_t>(found - m_runs.begin());
  auto run = std::move(*found);
  m_runs.erase(found);
  return run;
}

void RunList::insert(std::unique_ptr<RunRecord> run, std::size_t place) {
  const auto at = std::min(place, m_runs.size());
  run->setThresholds(m_thresholds);
  m_runs.insert(m_runs.begin() + static_cast<std::ptrdiff_t>(at), std::move(run));
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
  for (const auto& event : run.history().events()) {
    if (event.kind == "fork")
      return QString::fromStdString(event.text);
  }
  for (std::size_t before = index; before-- > 0;) {
    if (m_runs[before]->isLoaded()) {
      return experimentDifference(m_runs[before]->facts().spec, run.facts().spec);
    }
  }
  return QObject::tr("seed %1").arg(run.facts().spec.training.seed);
}

std::vector<widgets::RunRow> RunList::rows() const {
  std::vector<widgets::RunRow> rows;
  for (std::size_t i = m_runs.size(); i-- > 0;) {
    const RunRecord& run = *m_runs[i];
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
    row.difference = differenceOf(i);
    row.problem =
        !run.problem().isEmpty() ? run.problem() : QString::fromStdString(run.status().reason);
    row.test_accuracy = run.testAccuracy();
    row.is_ours = run.isOurs();
    row.can_continue = canContinue(run);
    if (run.isLoaded() && run.facts().is_foreign)
      row.continue_problem = QString::fromUtf8(engine::kForeignText);
    row.can_fork = run.isLoaded() && !run.history().checkpoints().empty();
    row.folder = toText(run.directory());
    rows.push_back(std::move(row));
  }
  return rows;
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
