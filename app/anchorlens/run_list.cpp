// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/run_list.h"

#include "app/anchorlens/experiment_diff.h"
#include "app/anchorlens/places.h"
#include "engine/session/import_run.h"
#include "widgets/number_format.h"

#include <QObject>
#include <QRegularExpression>

#include <algorithm>
#include <string>
#include <unordered_map>
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
  m_differences.erase(id);
  m_set_up_differences.erase(id);
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

std::size_t RunList::placeOf(const RunRecord& run) const {
  const auto found = std::find_if(m_runs.begin(), m_runs.end(),
                                  [&run](const auto& other) { return other.get() == &run; });
  return static_cast<std::size_t>(found - m_runs.begin());
}

RunEntry RunList::entryOf(const RunRecord& run) const {
  return {toText(run.directory()), ListedRun{run.name(), run.colour(), placeOf(run)}};
}

RunRecord* RunList::find(RunId id) const {
  for (const auto& run : m_runs) {
    if (run->id() == id)
      return run.get();
  }
  return nullptr;
}

RunRecord* RunList::find(const std::filesystem::path& directory) const {
  const std::string wanted = cleanPath(directory).string();
  for (const auto& run : m_runs) {
    if (run->location() == wanted)
      return run.get();
  }
  return nullptr;
}

template <typename Make>
const QString& RunList::keep(std::map<RunId, Difference>& differences, const RunRecord& before,
                             const RunRecord& run, Make make) {
  Difference& known = differences[run.id()];
  if (known.before != before.id() || known.before_version != before.factsVersion() ||
      known.version != run.factsVersion())
    known = {before.id(), before.factsVersion(), run.factsVersion(), make()};
  return known.text;
}

const QString& RunList::differenceFrom(const RunRecord& before, const RunRecord& run) const {
  return keep(m_differences, before, run,
              [&] { return experimentDifference(before.facts().spec, run.facts().spec); });
}

const RunRecord* RunList::loadedBefore(std::size_t index) const {
  while (index-- > 0) {
    if (m_runs[index]->isLoaded())
      return m_runs[index].get();
  }
  return nullptr;
}

QString RunList::setUpDifference(const RunRecord& run) const {
  const RunRecord* before = loadedBefore(placeOf(run));
  if (before == nullptr)
    return {};
  return keep(m_set_up_differences, *before, run, [&] {
    const core::ExperimentSpec& usual = before->facts().spec;
    core::ExperimentSpec spec = run.facts().spec;
    spec.training.seed = usual.training.seed;
    spec.data.seed = usual.data.seed;
    return experimentDifference(usual, spec);
  });
}

QString RunList::differenceOf(std::size_t index, std::size_t parent) const {
  const RunRecord& run = *m_runs[index];
  if (!run.isLoaded())
    return run.problem();
  if (!run.facts().parent.empty())
    return forkText(run, parent);
  if (const RunRecord* before = loadedBefore(index))
    return differenceFrom(*before, run);
  return QObject::tr("seed %1").arg(run.facts().spec.training.seed);
}

/// "fork of Run 2 at 4 000, lr 0.001 → 0.0005"
QString RunList::forkText(const RunRecord& run, std::size_t parent) const {
  const RunRecord* from = parent == kNone ? nullptr : m_runs[parent].get();
  QString text = QObject::tr("fork of %1 at %2")
                     .arg(from != nullptr ? from->name() : runNameOf(run.facts().parent),
                          widgets::formatInteger(run.facts().fork_step));
  if (from != nullptr && from->isLoaded()) {
    const QString& difference = differenceFrom(*from, run);
    text += difference.isEmpty() ? QString() : QStringLiteral(", ") + difference;
  }
  return text;
}

/// Of each run the place of the one that it was forked from; kNone when that is not in the list.
std::vector<std::size_t> RunList::parents() const {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = m_runs.size(); i-- > 0;)
    places[m_runs[i]->location()] = i;
  std::vector<std::size_t> parents(m_runs.size(), kNone);
  for (std::size_t i = 0; i < m_runs.size(); ++i) {
    const auto found = places.find(m_runs[i]->parentLocation());
    if (found != places.end() && found->second != i)
      parents[i] = found->second;
  }
  return parents;
}

std::vector<widgets::RunRow> RunList::rows() const {
  const std::vector<std::size_t> parents = this->parents();
  std::vector<std::vector<std::size_t>> forks(m_runs.size());  // newest first
  for (std::size_t i = m_runs.size(); i-- > 0;) {
    if (parents[i] != kNone)
      forks[parents[i]].push_back(i);
  }
  std::vector<widgets::RunRow> rows;
  rows.reserve(m_runs.size());
  std::vector<bool> is_there(m_runs.size(), false);
  std::vector<std::pair<std::size_t, int>> waiting;  // the next one last, with its depth
  const auto add_tree = [&](std::size_t root) {
    waiting.emplace_back(root, 0);
    while (!waiting.empty()) {
      const auto [at, depth] = waiting.back();
      waiting.pop_back();
      if (is_there[at])
        continue;
      is_there[at] = true;
      rows.push_back(rowOf(at, parents[at]));
      rows.back().depth = depth;
      for (auto fork = forks[at].rbegin(); fork != forks[at].rend(); ++fork)
        waiting.emplace_back(*fork, depth + 1);
    }
  };
  for (std::size_t i = m_runs.size(); i-- > 0;) {
    if (parents[i] == kNone)
      add_tree(i);
  }
  // Folders that name each other as parents have no root.
  for (std::size_t i = m_runs.size(); i-- > 0;)
    add_tree(i);
  return rows;
}

widgets::RunRow RunList::rowOf(std::size_t index, std::size_t parent) const {
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
  row.difference = differenceOf(index, parent);
  row.problem =
      !run.problem().isEmpty() ? run.problem() : QString::fromStdString(run.status().reason);
  if (run.isLoaded())
    row.step = run.lastStep();
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
