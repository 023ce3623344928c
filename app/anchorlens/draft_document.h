// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

namespace anchorlens::app {

/// Where a draft came from, or was saved to.
struct DraftFile {
  QString name;              ///< empty: nowhere
  bool is_modified = false;  ///< the draft differs from it
  bool operator==(const DraftFile&) const = default;
};

struct DraftState {
  core::ExperimentSpec spec;
  DraftFile file;
  bool operator==(const DraftState&) const = default;
};

/// The experiment that is being edited. Every change goes through the undo stack; typing in one
/// field is one step. Lives on the GUI thread.
class DraftDocument : public QObject {
  Q_OBJECT

 public:
  static constexpr int kUndoSteps = 200;

  /// `undo_stack` is the window's; it is not owned and outlives the document.
  DraftDocument(QUndoStack& undo_stack, QObject* parent = nullptr);

  const core::ExperimentSpec& spec() const { return m_spec; }
  /// One change. `text` continues "Undo ...": "change learning rate". Changes with the same
  /// non-empty `merge_key` that follow each other become one step. No change: no step.
  void edit(const core::ExperimentSpec& next, const QString& text, const QString& merge_key = {});
  /// A new document: `file` may be empty. Its history is empty.
  void load(const core::ExperimentSpec& spec, const QString& file);
  /// The same as one step of undo, which brings back what was there, with its file.
  void replace(const core::ExperimentSpec& spec, const QString& file, const QString& text);
  /// The document as a session left it: content of `file`, edited since when `is_modified`.
  void restore(const core::ExperimentSpec& spec, const QString& file, bool is_modified);

  /// What a step of undo does.
  void apply(const core::ExperimentSpec& spec);
  void apply(const DraftState& state);

  const QString& file() const { return m_file; }
  /// Differs from what was loaded or saved.
  DraftFile fileState() const { return {m_file, isModified()}; }
  bool isModified() const { return !(m_spec == m_saved) || m_is_restored_modified; }
  void markSaved(const QString& file);

  QUndoStack& undoStack() { return m_undo_stack; }

 signals:
  void changed();
  void fileChanged();

 private:
  QUndoStack& m_undo_stack;
  core::ExperimentSpec m_spec;
  core::ExperimentSpec m_saved;
  bool m_is_restored_modified = false;
  QString m_file;
};

}  // namespace anchorlens::app
