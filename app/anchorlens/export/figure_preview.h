// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/figure/figure.h"

#include <QWidget>

#include <memory>

namespace anchorlens::app {

/// A figure as printed: true size where it fits, smaller where not. In place of a figure, a
/// sentence.
class FigurePreview : public QWidget {
  Q_OBJECT

 public:
  explicit FigurePreview(QWidget* parent = nullptr);
  void setFigure(std::shared_ptr<const widgets::Figure> figure);
  void setText(const QString& text);
  const std::shared_ptr<const widgets::Figure>& figure() const { return m_figure; }
  const QString& text() const { return m_text; }
  QSize sizeHint() const override { return {560, 300}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::shared_ptr<const widgets::Figure> m_figure;
  QString m_text;
};

}  // namespace anchorlens::app
