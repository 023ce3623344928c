// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/draft_document.h"

#include "app/anchorlens/undo_command.h"

namespace anchorlens::app {

DraftDocument::DraftDocument(QUndoStack& undo_stack, QObject* parent)
    : QObject(parent), m_undo_stack(undo_stack), m_saved(m_spec) {
  m_undo_stack.setUndoLimit(kUndoSteps);
}

void DraftDocument::edit(const core::ExperimentSpec& next, const QString& text,
                         const QString& merge_key) {
  if (next == m_spec)
    return;
  m_undo_stack.push(new ChangeCommand<core::ExperimentSpec>(
      text, m_spec, next, [this](const core::ExperimentSpec& spec) { apply(spec); }, merge_key));
}

void DraftDocument::load(const core::ExperimentSpec& spec, const QString& file) {
  restore(spec, file, false);
}

void DraftDocument::restore(const core::ExperimentSpec& spec, const QString& file,
                            bool is_modified) {
  m_undo_stack.clear();
  apply(DraftState{spec, {file, is_modified}});
}

void DraftDocument::replace(const core::ExperimentSpec& spec, const QString& file,
                            const QString& text) {
  const DraftState before{m_spec, fileState()};
  const DraftState after{spec, {file, false}};
  if (before == after)
    return;
  m_undo_stack.push(new ChangeCommand<DraftState>(
      text, before, after, [this](const DraftState& state) { apply(state); }));
}

void DraftDocument::markSaved(const QString& file) {
  m_saved = m_spec;
  m_is_restored_modified = false;
  m_file = file;
  emit fileChanged();
}

void DraftDocument::apply(const DraftState& state) {
  m_saved = state.spec;
  m_is_restored_modified = state.file.is_modified;
  m_file = state.file.name;
  apply(state.spec);
  emit fileChanged();
}

void DraftDocument::apply(const core::ExperimentSpec& spec) {
  m_spec = spec;
  emit changed();
}

}  // namespace anchorlens::app
