// SPDX-License-Identifier: GPL-3.0-or-later
// Names, colours and removals in the list of runs: steps of undo.
#include "app/anchorlens/controller.h"
#include "app/anchorlens/places.h"
#include "app/anchorlens/undo_command.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace anchorlens::app {
namespace {

constexpr std::size_t kRemovedKept = 8;  ///< a record may have many frames in memory

}  // namespace

void Controller::pushEntry(const QString& text, const RunRecord& run, const RunEntry& after) {
  m_undo.push(new ChangeCommand<RunEntry>(
      text, m_runs.entryOf(run), after,
      [this, id = run.id()](const RunEntry& entry) { applyEntry(entry, id); }));
}

void Controller::renameRun(RunId run_id, const QString& name) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr || run->name() == name)
    return;
  RunEntry after = m_runs.entryOf(*run);
  after.listed->name = name;
  pushEntry(tr("rename %1").arg(run->name()), *run, after);
}

void Controller::recolourRun(RunId run_id, int colour) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr || run->colour() == colour)
    return;
  RunEntry after = m_runs.entryOf(*run);
  after.listed->colour = colour;
  pushEntry(tr("change colour of %1").arg(run->name()), *run, after);
}

void Controller::removeRun(RunId run_id) {
  const RunRecord* run = m_runs.find(run_id);
  if (run == nullptr || (run_id == m_training.active() && m_training.isBusy()))
    return;
  pushEntry(tr("remove %1 from the list").arg(run->name()), *run,
            {toText(run->directory()), std::nullopt});
}

void Controller::applyEntry(const RunEntry& entry, RunId known) {
  RunRecord* run = m_runs.find(known);
  if (run == nullptr)
    run = m_runs.find(toPath(entry.directory));
  if (entry.listed) {
    RunRecord& listed = run != nullptr ? *run : bringBack(entry, known);
    listed.setName(entry.listed->name);
    listed.setColour(entry.listed->colour);
  } else if (run != nullptr) {
    takeOut(*run);
  }
  m_dirty |= Dirty::Runs | Dirty::Experiment;
}

void Controller::takeOut(RunRecord& run) {
  const RunId id = run.id();
  if (id == m_training.active()) {
    if (m_training.isBusy()) {
      emit announced(tr("%1 is training, and stays in the list.").arg(run.name()));
      return;
    }
    m_training.release();
    run.setOurs(false);
  }
  if (id == m_shown)
    showDraft();
  m_library.close(id);
  m_removed.push_back(m_runs.take(id));
  if (m_removed.size() > kRemovedKept)
    m_removed.pop_front();
}

/// As it was where this window took it out not long ago; else it is read again.
RunRecord& Controller::bringBack(const RunEntry& entry, RunId known) {
  const auto directory = toPath(entry.directory);
  const auto kept = std::find_if(m_removed.rbegin(), m_removed.rend(), [&](const auto& run) {
    return known != 0 ? run->id() == known : run->directory() == directory;
  });
  std::unique_ptr<RunRecord> run;
  if (kept != m_removed.rend()) {
    run = std::move(*kept);
    m_removed.erase(std::next(kept).base());
  } else {
    run = m_runs.take(m_runs.add(directory, entry.listed->name, entry.listed->colour).id());
  }
  RunRecord& back = *run;
  m_runs.insert(std::move(run), entry.listed->place);
  m_library.load(back.id());
  return back;
}

}  // namespace anchorlens::app
