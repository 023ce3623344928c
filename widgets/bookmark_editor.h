// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <cstdint>

class QLabel;
class QLineEdit;
class QPushButton;

namespace anchorlens::widgets {

/// The note of one bookmark: a small card over the timeline. Enter or Save keeps it, Escape or
/// Cancel leaves it as it was.
class BookmarkEditor : public QFrame {
  Q_OBJECT

 public:
  explicit BookmarkEditor(QWidget* parent);

  /// Opens it; `is_there`: there is a bookmark at this step, which may be removed.
  void edit(std::int64_t step, const QString& note, bool is_there);
  std::int64_t step() const { return m_step; }
  QLineEdit* field() const { return m_note; }

 signals:
  void saved(std::int64_t step, const QString& note);
  void removed(std::int64_t step);
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void save();
  void leave();

  QLabel* m_title = nullptr;
  QLineEdit* m_note = nullptr;
  QPushButton* m_remove = nullptr;
  std::int64_t m_step = 0;
};

}  // namespace anchorlens::widgets
