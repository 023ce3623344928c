// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/theme.h"

#include <QFrame>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace anchorlens::widgets {

class PatternPicture;

/// One experiment to begin from, as the gallery shows it.
struct PresetEntry {
  enum class Kind { Own, Preset, Example };
  Kind kind = Kind::Preset;
  QString name;
  QString title;
  QString shows;  ///< one sentence
  QStringList patterns;
  QString own_numbers;   ///< of its own settings; empty: those are the fast ones
  QString fast_numbers;  ///< of the fast ones
  QString problem;       ///< why it cannot be read; nothing else is known then
};

/// A card of the gallery: picture of the pattern, a sentence, and buttons for its settings.
class PresetCard : public QFrame {
  Q_OBJECT

 public:
  PresetCard(const PresetEntry& entry, QWidget* parent);
  const PresetEntry& entry() const { return m_entry; }
  void setTheme(const Theme& theme);

 signals:
  void chosen(const QString& name, bool is_fast);
  void renamed(const QString& name, const QString& new_name);
  void removed(const QString& name);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QWidget* buildTitle();
  QWidget* buildQuestion();
  void buildChoice(QVBoxLayout* layout, const QString& text, const QString& numbers, bool is_fast);
  void beginRename();
  void endRename();

  PresetEntry m_entry;
  PatternPicture* m_picture = nullptr;
  QStackedWidget* m_head = nullptr;  ///< title, rename, question
  QLineEdit* m_new_name = nullptr;
  QPushButton* m_remove = nullptr;
  QPushButton* m_rename = nullptr;
};

/// Presets, examples and one's own presets as cards, to choose a draft from; and a line that keeps
/// the draft as a preset. It stores nothing: it tells what is wanted.
class PresetGallery : public QWidget {
  Q_OBJECT

 public:
  explicit PresetGallery(QWidget* parent = nullptr);

  void setEntries(const std::vector<PresetEntry>& entries);
  /// What went wrong with the last wish; empty: nothing.
  void setProblem(const QString& problem);
  void setTheme(const Theme& theme);
  PresetCard* card(PresetEntry::Kind kind, const QString& name) const;

 signals:
  void chosen(anchorlens::widgets::PresetEntry::Kind kind, const QString& name, bool is_fast);
  void saveRequested(const QString& name);
  void renameRequested(const QString& name, const QString& new_name);
  void removeRequested(const QString& name);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void layOut();

  std::vector<PresetCard*> m_cards;
  std::vector<QLabel*> m_titles;
  QGridLayout* m_grid = nullptr;
  QLineEdit* m_name = nullptr;
  QPushButton* m_save = nullptr;
  QLabel* m_problem = nullptr;
  int m_columns = 0;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
