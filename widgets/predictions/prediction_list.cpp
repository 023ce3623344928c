// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/prediction_list.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

bool isOurs(int key) {
  return key == Qt::Key_Up || key == Qt::Key_Down;
}

}  // namespace

PredictionList::PredictionList(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("Predictions of the shown sequences"));
}

void PredictionList::setRows(std::vector<PredictionRow> rows) {
  const bool is_other_shape = rows.size() != m_rows.size() ||
                              (!rows.empty() && rows[0].tokens.size() != m_rows[0].tokens.size());
  m_rows = std::move(rows);
  if (is_other_shape)
    layOut();
  setAccessibleDescription(current() >= 0 ? description(current()) : QString());
  viewport()->update();
}

void PredictionList::setEmptyText(const QString& text) {
  m_empty_text = text;
  viewport()->update();
}

void PredictionList::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void PredictionList::setSequence(int sequence) {
  m_sequence = sequence;
  setAccessibleDescription(current() >= 0 ? description(current()) : QString());
  viewport()->update();
}

PredictionColumns PredictionList::columns() const {
  return predictionColumns(m_rows, basePixelSize(*this), maximumViewportSize().width());
}

void PredictionList::layOut() {
  const QSize view = maximumViewportSize();
  const PredictionColumns at = columns();
  const int height = static_cast<int>(at.height * static_cast<double>(m_rows.size()));
  verticalScrollBar()->setRange(0, std::max(0, height - view.height()));
  verticalScrollBar()->setPageStep(view.height());
  verticalScrollBar()->setSingleStep(static_cast<int>(at.height));
  horizontalScrollBar()->setRange(
      0, std::max(0, static_cast<int>(std::ceil(at.width)) - view.width()));
  horizontalScrollBar()->setPageStep(view.width());
  viewport()->update();
}

int PredictionList::current() const {
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    if (m_rows[i].sequence == m_sequence)
      return static_cast<int>(i);
  }
  return -1;
}

QRect PredictionList::rowRect(int row) const {
  const PredictionColumns at = columns();
  const auto height = static_cast<int>(at.height);
  return {-horizontalScrollBar()->value(), row * height - verticalScrollBar()->value(),
          std::max(viewport()->width(), static_cast<int>(at.width)), height};
}

QString PredictionList::description(int row) const {
  const PredictionRow& shown = m_rows[static_cast<std::size_t>(row)];
  QStringList options;
  for (std::size_t k = 0; k < shown.prediction.tokens.size(); ++k) {
    options << tr("%1 with %2")
                   .arg(shown.prediction.tokens[k])
                   .arg(static_cast<double>(shown.prediction.p[k]), 0, 'f', 3);
  }
  return tr("Sequence %1, %2, answer %3, %4: %5")
      .arg(shown.sequence + 1)
      .arg(shown.group)
      .arg(shown.answers.front().token)
      .arg(shown.is_right ? tr("right") : tr("wrong"), options.join(QStringLiteral("; ")));
}

void PredictionList::choose(int row) {
  if (row < 0 || row >= static_cast<int>(m_rows.size()))
    return;
  setSequence(m_rows[static_cast<std::size_t>(row)].sequence);
  const QRect rect = rowRect(row);
  QScrollBar* bar = verticalScrollBar();
  if (rect.top() < 0)
    bar->setValue(bar->value() + rect.top());
  else if (rect.bottom() > viewport()->height())
    bar->setValue(bar->value() + rect.bottom() - viewport()->height());
  emit sequenceSelected(m_sequence);
}

bool PredictionList::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier && isOurs(key->key())) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

bool PredictionList::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    for (int row = 0; help != nullptr && row < static_cast<int>(m_rows.size()); ++row) {
      if (rowRect(row).contains(help->pos())) {
        QToolTip::showText(help->globalPos(), description(row), viewport());
        return true;
      }
    }
    QToolTip::hideText();
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

void PredictionList::keyPressEvent(QKeyEvent* event) {
  if (event->modifiers() != Qt::NoModifier || !isOurs(event->key())) {
    event->ignore();
    return;
  }
  const int row = current();
  const int by = event->key() == Qt::Key_Down ? 1 : -1;
  choose(row < 0 ? 0 : std::clamp(row + by, 0, static_cast<int>(m_rows.size()) - 1));
}

void PredictionList::mousePressEvent(QMouseEvent* event) {
  for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
    if (rowRect(row).contains(event->pos()))
      choose(row);
  }
}

void PredictionList::resizeEvent(QResizeEvent*) {
  layOut();
}

void PredictionList::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange)
    layOut();
  QAbstractScrollArea::changeEvent(event);
}

void PredictionList::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  if (m_rows.empty()) {
    painter.setFont(textFont(basePixelSize(*this)));
    painter.setPen(m_theme.text_second);
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  painter.setRenderHint(QPainter::Antialiasing);
  const PredictionColumns at = columns();
  PredictionPaintOptions options;
  options.font_px = basePixelSize(*this);
  const int now = current();
  for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
    const QRect rect = rowRect(row);
    if (!rect.intersects(viewport()->rect()))
      continue;
    if (row == now)
      painter.fillRect(rect, m_theme.selection);
    painter.setPen(QPen(m_theme.rule, 1));
    painter.drawLine(rect.bottomLeft(), rect.bottomRight());
    paintPrediction(painter, m_rows[static_cast<std::size_t>(row)], QRectF(rect), at, options,
                    m_theme);
    if (row == now && hasFocus()) {
      painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
      painter.setBrush(Qt::NoBrush);
      painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -1.5), 3, 3);
    }
  }
}

}  // namespace anchorlens::widgets
