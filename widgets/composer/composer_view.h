// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/composer_card.h"
#include "widgets/number_table.h"

#include <QWidget>

#include <vector>

class QFrame;
class QLabel;
class QPushButton;
class QScrollArea;

namespace anchorlens::widgets {

class AnchorsCard;
class ChecksCard;
class HeldOutCard;
class PatternCard;
class SamplesCard;
struct OwnPreset;

/// The Composer: cards that edit and show one experiment's task. It edits nothing itself: it tells
/// what the user wants and shows what it is given.
class ComposerView : public QWidget {
  Q_OBJECT

 public:
  /// Narrower than this, the cards stand in one column.
  static constexpr int kColumnsFrom = 1000;

  explicit ComposerView(QWidget* parent = nullptr);

  /// The draft, editable.
  void showDraft(const core::ExperimentSpec& experiment);
  /// A run's settings, read-only under a line such as "Settings of run 7, in training".
  void showRun(const core::ExperimentSpec& experiment, const QString& line);
  void setChecks(const ExperimentChecks& checks);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  bool isReadOnly() const { return m_is_read_only; }

  /// Shows and focuses the first thing with a problem; false when no card has one.
  bool focusFirstProblem();
  /// Ready to be typed into.
  void focusPattern();
  /// What Ctrl+V gives: a pattern for the current form, or a task or whole experiment as JSON.
  /// Tells by edited(); false (and `problem` says why) when it is neither.
  bool paste(const QString& text, QString* problem);
  NumberTable sampleNumbers() const;
  void setOwnPresets(const std::vector<OwnPreset>& presets);
  /// Texts of fields that are no values, behind the fields' names: the draft keeps what stood there
  /// before, and is not what one sees.
  core::SpecErrors textProblems() const;

  PatternCard* pattern() const { return m_pattern; }
  AnchorsCard* anchors() const { return m_anchors; }
  HeldOutCard* heldOut() const { return m_held_out; }
  SamplesCard* samples() const { return m_samples; }
  ChecksCard* checks() const { return m_checks_card; }

 signals:
  void edited(const anchorlens::core::ExperimentSpec& experiment, const QString& text,
              const QString& merge_key);
  void presetChosen(const QString& name);
  void galleryRequested();
  void newSamplesRequested();
  void exportRequested();
  void editCopyRequested();
  void draftRequested();
  void textProblemsChanged();
  void fileDropped(const QString& file);
  /// One line for the status bar.
  void told(const QString& text);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildLock();
  void arrange(bool in_columns);
  void load(const core::ExperimentSpec& experiment, bool read_only);
  std::vector<ComposerCard*> cards() const;

  core::ExperimentSpec m_experiment;
  bool m_is_read_only = false;
  bool m_in_columns = false;
  QFrame* m_lock = nullptr;
  QLabel* m_lock_icon = nullptr;
  QLabel* m_lock_text = nullptr;
  QScrollArea* m_scroll = nullptr;
  QWidget* m_content = nullptr;
  PatternCard* m_pattern = nullptr;
  AnchorsCard* m_anchors = nullptr;
  HeldOutCard* m_held_out = nullptr;
  SamplesCard* m_samples = nullptr;
  ChecksCard* m_checks_card = nullptr;
};

}  // namespace anchorlens::widgets
