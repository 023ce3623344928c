// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/frame.h"
#include "widgets/colour_map.h"
#include "widgets/head_map_data.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QRectF>
#include <QWidget>

#include <cstdint>
#include <vector>

class QPainter;

namespace anchorlens::widgets {

/// The logit lens: what the unembedding says of the residual stream at each boundary (0: embedding;
/// l + 1: after layer l) and position of one sequence.
///
/// Shape:
///   cells: [n_layers + 1, length]
struct LensData {
  std::int64_t step = 0;
  int n_layers = 0;
  int length = 0;  ///< 0: nothing to draw
  std::vector<TokenText> tokens;
  std::int32_t answer = -1;
  std::vector<core::Prediction> cells;
  bool isEmpty() const { return length == 0; }
  const core::Prediction& at(int boundary, int position) const {
    return cells[static_cast<std::size_t>(boundary * length + position)];
  }
};

/// boundary, position, token, token_1, p_1, ... token_5, p_5
NumberTable lensNumbers(const LensData& data);

struct LensPaintOptions {
  ColourMap map = ColourMap::Viridis;
  double font_px = 13;
  double unit = 1;
  bool text_as_paths = false;
};

/// Where cells lie in `area`: the last boundary on top, tokens below.
QRectF lensCell(const QRectF& area, const LensData& data, double font_px, int boundary,
                int position);
void paintLens(QPainter& painter, const QRectF& area, const LensData& data,
               const LensPaintOptions& options, const Theme& theme);

/// The lens on screen; the pointer or the arrow keys tell the five most probable tokens of a cell.
/// Many layers or positions need more room than there may be: for a scroll area.
class LensView : public QWidget {
  Q_OBJECT

 public:
  explicit LensView(QWidget* parent = nullptr);
  void setData(LensData data);
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);
  const LensData& data() const { return m_data; }
  /// "After layer 0, position 3, token 46: 46 with 0.91; 45 with 0.02; ..."
  QString description(int boundary, int position) const;
  QRectF cellRect(int boundary, int position) const;
  QSize sizeHint() const override { return {640, 320}; }
  QSize minimumSizeHint() const override;

 signals:
  /// The arrow keys came to a cell: what is to be in sight of it.
  void cellReached(QRect part);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void moveEvent(QMoveEvent* event) override;

 private:
  QRectF area() const;
  QRect partOfCurrent() const;

  LensData m_data;
  Theme m_theme = Theme::dark();
  QString m_empty_text;
  int m_boundary = -1;
  int m_position = -1;
};

}  // namespace anchorlens::widgets
