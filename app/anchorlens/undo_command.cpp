// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/undo_command.h"

#include <QUndoStack>

#include <memory>

namespace anchorlens::app {

namespace {

/// undoChanges() saw to it that a step changes one thing.
std::unique_ptr<KeptCommand> makeCommand(const QString& text, const UndoState& before,
                                         const UndoState& after, const UndoAppliers& appliers) {
  if (const auto run = changedRun(before.runs, after.runs)) {
    return std::make_unique<ChangeCommand<RunEntry>>(text, run->first, run->second, appliers.run);
  }
  if (before.draft.file != after.draft.file) {
    return std::make_unique<ChangeCommand<DraftState>>(text, before.draft, after.draft,
                                                       appliers.document);
  }
  if (before.draft.spec != after.draft.spec) {
    return std::make_unique<ChangeCommand<core::ExperimentSpec>>(text, before.draft.spec,
                                                                 after.draft.spec, appliers.draft);
  }
  const ViewPart part = changedPart(before.view, after.view);
  return std::make_unique<ChangeCommand<ViewSettings>>(
      text, before.view, after.view,
      [part, apply = appliers.view](const ViewSettings& view) { apply(view, part); });
}

}  // namespace

void KeptCommand::step(const Way& way) {
  if (m_skipped_calls > 0)
    --m_skipped_calls;
  else
    apply(way.is_back);
}

const std::string& KeptCommand::patch(const Way& way) const {
  if (way.patch.empty())
    way.patch = makePatch(way.is_back);
  return way.patch;
}

void KeptCommand::forgetPatches() {
  m_back.patch.clear();
  m_forth.patch.clear();
}

UndoSteps undoSteps(const QUndoStack& stack) {
  UndoSteps steps;
  const auto kept = [&stack](int i) { return dynamic_cast<const KeptCommand*>(stack.command(i)); };
  for (int i = stack.index() - 1; i >= 0; --i) {
    if (const KeptCommand* command = kept(i))
      steps.done.push_back({command->text(), command->patchBack()});
  }
  for (int i = stack.index(); i < stack.count(); ++i) {
    if (const KeptCommand* command = kept(i))
      steps.undone.push_back({command->text(), command->patchForth()});
  }
  return steps;
}

std::size_t restoreUndo(QUndoStack& stack, const UndoState& now, const UndoSteps& steps,
                        const UndoAppliers& appliers) {
  const auto most = static_cast<std::size_t>(stack.undoLimit());
  const auto forth = undoChanges(now, steps.undone, most);
  const auto back = undoChanges(now, steps.done, most - forth.size());
  for (std::size_t i = back.size(); i-- > 0;) {
    auto command = makeCommand(steps.done[i].text, back[i].to, back[i].from, appliers);
    command->setPatchBack(steps.done[i].patch);
    command->skipCalls(1);  // that of push()
    stack.push(command.release());
  }
  for (std::size_t i = 0; i < forth.size(); ++i) {
    auto command = makeCommand(steps.undone[i].text, forth[i].from, forth[i].to, appliers);
    command->setPatchForth(steps.undone[i].patch);
    command->skipCalls(2);  // and that of setIndex() below
    stack.push(command.release());
  }
  stack.setIndex(static_cast<int>(back.size()));
  return back.size() + forth.size();
}

}  // namespace anchorlens::app
