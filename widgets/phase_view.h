// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/phase_map.h"
#include "widgets/placed_text.h"

#include <QWidget>

namespace anchorlens::widgets {

/// A phase diagram with a cell cursor: arrow keys or the pointer move it, Enter or a click takes
/// the cell.
class PhaseView : public QWidget {
  Q_OBJECT

 public:
  explicit PhaseView(QWidget* parent = nullptr);

  /// The cursor stays where it is if there is still such a cell.
  void setDiagram(core::PhaseDiagram diagram);
  void setMap(ColourMap map);
  void setTheme(const Theme& theme);
  /// The member that the window shows: its cell is outlined. -1: none.
  void setShownMember(int member);

  const core::PhaseDiagram& diagram() const { return m_diagram; }
  PhasePlace place() const { return m_place; }
  void setPlace(PhasePlace place);
  /// The cell under the cursor; null while there is none.
  const core::PhaseCell* cell() const;
  QRectF cellRect(PhasePlace place) const { return m_layout.cellRect(place); }
  const PhaseLayout& phaseLayout() const { return m_layout; }

  QSize sizeHint() const override { return {560, 340}; }
  QSize minimumSizeHint() const override { return {240, 150}; }

 signals:
  void placeMoved();
  /// A click, or Enter.
  void cellTaken();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  void layOut();
  void describePlace();
  bool isThere(PhasePlace place) const;
  void outline(QPainter& painter, PhasePlace place, const QColor& colour) const;
  PhasePlace placeOfShown() const;
  /// The names of the axes, and what the cell at a point says.
  std::vector<PlacedText> textsAt(QPointF point) const;

  core::PhaseDiagram m_diagram;
  PhaseOptions m_options;
  PhaseLayout m_layout;
  Theme m_theme = Theme::dark();
  PhasePlace m_place;
  int m_shown = -1;
};

}  // namespace anchorlens::widgets
