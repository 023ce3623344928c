// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

namespace anchorlens::widgets {

/// Keys on a line, some of them in intervals whose ends are dragged, or moved by arrow keys: Left
/// and Right move the chosen end (with Shift by ten), Up and Down choose another, Insert or a drag
/// over free keys makes an interval, Delete removes one. Edits nothing itself.
class IntervalBar : public QWidget {
  Q_OBJECT

 public:
  explicit IntervalBar(QWidget* parent = nullptr);

  /// `keys`: what keys are drawn from; `intervals`: those of them that are held out.
  void setIntervals(const core::Intervals& keys, const core::Intervals& intervals);
  const core::Intervals& intervals() const { return m_intervals; }
  void setReadOnly(bool read_only) { m_is_read_only = read_only; }
  void setTheme(const Theme& theme);

  int keyAt(double x) const;
  double xOf(int key) const;  ///< left edge
  /// The end that keys move: 2 i is the first key of interval i, 2 i + 1 the last; -1: none.
  int chosenEnd() const { return m_end; }

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 signals:
  /// Changes of one drag, or of one run of key presses, have one number.
  void changed(const anchorlens::core::Intervals& intervals, int stroke);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  int endAt(double x) const;
  void moveEnd(int key);
  void dragTo(int key);
  void change(core::Intervals intervals);
  void describe();

  core::Intervals m_keys;
  core::Intervals m_intervals;
  int m_first = 0;
  int m_last = 0;
  int m_end = -1;
  int m_stroke = 0;
  int m_drag_from = -1;        ///< key at which a new interval began
  core::Intervals m_at_press;  ///< a drag is a change of these
  bool m_is_dragging = false;
  bool m_is_read_only = false;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
