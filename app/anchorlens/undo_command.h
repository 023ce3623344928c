// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/anchorlens/undo_steps.h"

#include <QString>
#include <QUndoCommand>

#include <functional>
#include <string>
#include <utility>

class QUndoStack;

namespace anchorlens::app {

/// A step of undo that is kept with the session.
class KeptCommand : public QUndoCommand {
 public:
  using QUndoCommand::QUndoCommand;

  void undo() final { step(m_back); }
  void redo() final { step(m_forth); }
  /// The next calls of redo() and undo() change nothing: what they would do is so already.
  void skipCalls(int calls) { m_skipped_calls = calls; }

  /// As UndoSteps has them. Made once: a session is saved often.
  const std::string& patchBack() const { return patch(m_back); }
  const std::string& patchForth() const { return patch(m_forth); }
  void setPatchBack(const std::string& patch) { m_back.patch = patch; }
  void setPatchForth(const std::string& patch) { m_forth.patch = patch; }

 protected:
  virtual void apply(bool back) = 0;
  virtual std::string makePatch(bool back) const = 0;
  void forgetPatches();

 private:
  struct Way {
    bool is_back;
    mutable std::string patch;
  };
  void step(const Way& way);
  const std::string& patch(const Way& way) const;

  Way m_back{true, {}};
  Way m_forth{false, {}};
  int m_skipped_calls = 0;
};

/// What two changes that follow each other come to: the second leads from `before` to `next`.
template <typename State>
State joined(const State& /*after*/, const State& /*before*/, const State& next) {
  return next;
}
/// The program may have changed other parts in between: those are of no step.
inline ViewSettings joined(const ViewSettings& after, const ViewSettings& before,
                           const ViewSettings& next) {
  ViewSettings both = after;
  copyPart(changedPart(before, next), next, both);
  return both;
}

/// The whole state before and after: it is a few kilobytes, and nothing can be forgotten.
template <typename State>
class ChangeCommand : public KeptCommand {
 public:
  using Apply = std::function<void(const State&)>;

  /// Changes with the same non-empty `merge_key` that follow each other become one step.
  ChangeCommand(const QString& text, State before, State after, Apply apply, QString merge_key = {})
      : KeptCommand(text),
        m_before(std::move(before)),
        m_after(std::move(after)),
        m_apply(std::move(apply)),
        m_merge_key(std::move(merge_key)) {}

  int id() const override { return m_merge_key.isEmpty() ? -1 : 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = dynamic_cast<const ChangeCommand*>(other);
    if (next == nullptr || next->m_merge_key != m_merge_key)
      return false;
    m_after = joined(m_after, next->m_before, next->m_after);
    forgetPatches();
    setObsolete(m_before == m_after);
    return true;
  }

 protected:
  void apply(bool back) override { m_apply(back ? m_before : m_after); }
  std::string makePatch(bool back) const override {
    return back ? undoPatch(m_after, m_before) : undoPatch(m_before, m_after);
  }

 private:
  State m_before;
  State m_after;
  Apply m_apply;
  QString m_merge_key;
};

/// What puts a state in place.
struct UndoAppliers {
  std::function<void(const core::ExperimentSpec&)> draft;
  std::function<void(const DraftState&)> document;
  std::function<void(const ViewSettings&, ViewPart)> view;  ///< one part of them
  std::function<void(const RunEntry&)> run;
};

/// The steps of a stack that are kept.
UndoSteps undoSteps(const QUndoStack& stack);
/// Into an empty stack, those that can be read: so many. Nothing is applied until one is undone.
std::size_t restoreUndo(QUndoStack& stack, const UndoState& now, const UndoSteps& steps,
                        const UndoAppliers& appliers);

}  // namespace anchorlens::app
