// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_document.h"

#include "engine/core/experiment_json.h"

#include <QSignalBlocker>
#include <QUndoCommand>

#include <utility>

namespace anchorlens::app {

namespace {
constexpr int kDraftCommandId = 1;
}

/// The whole experiment before and after: it is a few kilobytes, and nothing can be forgotten.
class DraftCommand : public QUndoCommand {
 public:
  DraftCommand(DraftDocument& document, core::ExperimentSpec after, const QString& text,
               QString merge_key)
      : QUndoCommand(text),
        m_document(document),
        m_before(document.spec()),
        m_after(std::move(after)),
        m_merge_key(std::move(merge_key)) {}

  int id() const override { return m_merge_key.isEmpty() ? -1 : kDraftCommandId; }
  void undo() override { m_document.apply(m_before); }
  void redo() override { m_document.apply(m_after); }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = static_cast<const DraftCommand*>(other);  // the id says so
    if (next->m_merge_key != m_merge_key)
      return false;
    m_after = next->m_after;
    m_patch.clear();
    setObsolete(m_before == m_after);
    return true;
  }

  const core::ExperimentSpec& before() const { return m_before; }
  /// Made once: a session is saved often.
  const std::string& patch() const {
    if (m_patch.empty())
      m_patch = draftPatch(m_before, m_after);
    return m_patch;
  }

 private:
  DraftDocument& m_document;
  core::ExperimentSpec m_before;
  core::ExperimentSpec m_after;
  QString m_merge_key;
  mutable std::string m_patch;
};

DraftDocument::DraftDocument(QUndoStack& undo_stack, QObject* parent)
    : QObject(parent), m_undo_stack(undo_stack), m_saved(m_spec) {
  m_undo_stack.setUndoLimit(kUndoSteps);
}

void DraftDocument::edit(const core::ExperimentSpec& next, const QString& text,
                         const QString& merge_key) {
  if (next == m_spec)
    return;
  m_undo_stack.push(new DraftCommand(*this, next, text, merge_key));
}

void DraftDocument::load(const core::ExperimentSpec& spec, const QString& file) {
  restore(spec, file, false);
}

void DraftDocument::restore(const core::ExperimentSpec& spec, const QString& file,
                            bool is_modified) {
  m_undo_stack.clear();
  m_saved = spec;
  m_is_restored_modified = is_modified;
  m_file = file;
  apply(spec);
  emit fileChanged();
}

void DraftDocument::markSaved(const QString& file) {
  m_saved = m_spec;
  m_is_restored_modified = false;
  m_file = file;
  emit fileChanged();
}

DraftSteps DraftDocument::steps() const {
  DraftSteps steps;
  for (int i = 0; i < m_undo_stack.count(); ++i) {
    const auto* command = dynamic_cast<const DraftCommand*>(m_undo_stack.command(i));
    if (command == nullptr)
      continue;
    if (steps.steps.empty())
      steps.first = core::writeExperiment(command->before());
    steps.steps.push_back({command->text(), command->patch()});
    steps.done += i < m_undo_stack.index() ? 1 : 0;
  }
  return steps;
}

bool DraftDocument::restoreSteps(const DraftSteps& steps) {
  if (steps == DraftSteps{})
    return true;
  const auto states = draftStates(steps);
  if (!states || !((*states)[static_cast<std::size_t>(steps.done)] == m_spec))
    return false;
  const QSignalBlocker silence(this);  // the draft is what it was when this is done
  m_undo_stack.clear();
  m_spec = states->front();
  for (std::size_t i = 0; i < steps.steps.size(); ++i)
    m_undo_stack.push(new DraftCommand(*this, (*states)[i + 1], steps.steps[i].text, {}));
  m_undo_stack.setIndex(steps.done);
  return true;
}

void DraftDocument::apply(const core::ExperimentSpec& spec) {
  m_spec = spec;
  emit changed();
}

}  // namespace anchorlens::app
