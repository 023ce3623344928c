// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <vector>

namespace anchorlens::widgets {

/// (key - position) mod modulus = remainder as a picture: keys across, positions down, held-out
/// cells filled. Pointing at a cell, or moving to it by arrow keys, tells it.
class ResidueGrid : public QWidget {
  Q_OBJECT

 public:
  explicit ResidueGrid(QWidget* parent = nullptr);

  /// `keys`: what the key is drawn from; `positions`: where its first place can be, sorted.
  void setRule(const core::ResidueRule& rule, const core::Intervals& keys,
               const std::vector<int>& positions);
  void setTheme(const Theme& theme);

  struct Cell {
    int key = 0;
    int position = 0;
    bool operator==(const Cell&) const = default;
  };
  bool exists(const Cell& cell) const;
  bool isHeldOut(const Cell& cell) const;
  /// "Key 46 at position 3: (46 − 3) mod 8 = 3, trained"
  QString cellText(const Cell& cell) const;
  /// "92 of 729 key–position pairs are held out"
  QString countText() const;
  QRectF cellRect(const Cell& cell) const;
  std::optional<Cell> cellAt(const QPointF& position) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }

 signals:
  /// What is pointed at, or the counts.
  void told(const QString& text);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  int residue(const Cell& cell) const;
  int shownKeys() const;
  int shownPositions() const;
  double labelWidth() const;
  double cellWidth() const;
  double cellHeight() const;
  void setMarked(std::optional<Cell> cell);
  std::int64_t count(bool held_out_only) const;

  core::ResidueRule m_rule;
  core::Intervals m_keys;
  std::vector<int> m_positions;
  int m_first_key = 0;
  int m_last_key = -1;
  std::optional<Cell> m_marked;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
