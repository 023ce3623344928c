// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/model_drawing.h"

#include "widgets/fonts.h"
#include "widgets/model_block_button.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

ModelDrawing::ModelDrawing(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Drawing of the model"));
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ModelDrawing::setModel(const core::ModelSpec& model, int d_vocab, int seq_len) {
  if (!m_buttons.empty() && model == m_model && d_vocab == m_d_vocab && seq_len == m_seq_len)
    return;
  m_model = model;
  m_d_vocab = d_vocab;
  m_seq_len = seq_len;
  rebuild();
}

void ModelDrawing::setTheme(const Theme& theme) {
  m_theme = theme;
  for (ModelBlockButton* button : m_buttons)
    button->update();
  update();
}

QSize ModelDrawing::sizeHint() const {
  return {200, static_cast<int>(std::ceil(m_layout.size.height()))};
}

void ModelDrawing::rebuild() {
  QString focused;
  for (const ModelBlockButton* button : m_buttons) {
    if (button->hasFocus())
      focused = button->block().key;
  }
  m_layout = layoutModel(m_model, m_d_vocab, m_seq_len, width(), basePixelSize(*this));
  while (m_buttons.size() < m_layout.blocks.size())
    m_buttons.push_back(new ModelBlockButton(this));
  for (std::size_t i = 0; i < m_buttons.size(); ++i) {
    const bool is_used = i < m_layout.blocks.size();
    m_buttons[i]->setVisible(is_used);
    if (!is_used)
      continue;
    m_buttons[i]->setBlock(m_layout.blocks[i]);
    m_buttons[i]->raise();
    if (!focused.isEmpty() && m_layout.blocks[i].key == focused && !m_buttons[i]->hasFocus())
      m_buttons[i]->setFocus(Qt::OtherFocusReason);
  }
  setCurrent(std::min(m_current, static_cast<int>(m_layout.blocks.size()) - 1));
  setFixedHeight(sizeHint().height());
  updateGeometry();
  update();
}

void ModelDrawing::setCurrent(int index) {
  m_current = index;
  for (std::size_t i = 0; i < m_buttons.size(); ++i)
    m_buttons[i]->setFocusPolicy(static_cast<int>(i) == index ? Qt::TabFocus : Qt::NoFocus);
}

void ModelDrawing::moveFocus(const ModelBlockButton* from, int by) {
  const auto at = std::find(m_buttons.begin(), m_buttons.end(), from) - m_buttons.begin();
  const int next =
      std::clamp(static_cast<int>(at) + by, 0, static_cast<int>(m_layout.blocks.size()) - 1);
  setCurrent(next);
  m_buttons[static_cast<std::size_t>(next)]->setFocus(Qt::TabFocusReason);
}

QWidget* ModelDrawing::block(const QString& key) const {
  for (std::size_t i = 0; i < m_layout.blocks.size(); ++i) {
    if (m_layout.blocks[i].key == key)
      return m_buttons[i];
  }
  return nullptr;
}

void ModelDrawing::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const double unit = basePixelSize(*this) / 13;
  painter.setPen(QPen(m_theme.rule, 1));
  painter.setBrush(mixed(m_theme.panel, m_theme.window, 0.5));
  for (const QRectF& layer : m_layout.layers)
    painter.drawRoundedRect(layer.adjusted(0.5, 0.5, -0.5, -0.5), 6 * unit, 6 * unit);
  for (const ModelLine& line : m_layout.lines) {
    painter.setPen(QPen(m_theme.text_second, 1.4));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line.points);
    if (!line.has_arrow || line.points.size() < 2)
      continue;
    const QPointF tip = line.points.back();
    const QPointF way = tip - line.points[line.points.size() - 2];
    const double length = std::max(1e-9, std::hypot(way.x(), way.y()));
    const QPointF along = way / length * (6 * unit);
    const QPointF side(-along.y() * 0.5, along.x() * 0.5);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.text_second);
    painter.drawPolygon(QPolygonF{tip, tip - along + side, tip - along - side});
  }
  for (const QPointF& sum : m_layout.sums)
    paintSum(painter, sum, 6 * unit, m_theme, m_theme.text_second);
}

void ModelDrawing::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width())
    rebuild();
}

void ModelDrawing::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
    rebuild();
}

}  // namespace anchorlens::widgets
