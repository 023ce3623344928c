// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/model_layout.h"

#include <QAbstractButton>

class QPainter;

namespace anchorlens::widgets {

class ModelDrawing;
struct Theme;

/// A sum on the residual stream.
void paintSum(QPainter& painter, const QPointF& at, double radius, const Theme& theme,
              const QColor& colour);

/// One part of a ModelDrawing, which it belongs to.
class ModelBlockButton : public QAbstractButton {
  Q_OBJECT

 public:
  explicit ModelBlockButton(ModelDrawing* drawing);

  void setBlock(const ModelBlock& block);
  const ModelBlock& block() const { return m_block; }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  /// Text without a box.
  bool isBare() const;
  double fontSize(double scale) const;
  void paintBox(QPainter& painter, const QRectF& box, double unit, bool is_lit);
  void paintTexts(QPainter& painter, const QRectF& box, double unit);
  void paintHeads(QPainter& painter, const QRectF& box, double unit);
  void paintLoop(QPainter& painter, const QRectF& box, double unit);

  ModelDrawing& m_drawing;
  ModelBlock m_block;
};

}  // namespace anchorlens::widgets
