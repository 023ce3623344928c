// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pair_matrix.h"
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/icons.h"
#include "widgets/text_paint.h"

#include <QPainter>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr double kDim = 0.55;
constexpr double kRadius = 4;

}  // namespace

void PairMatrix::paintEvent(QPaintEvent*) {
  if (rows() == 0 || columns() == 0)
    return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  paintHeaders(painter);
  for (int row = 0; row < rows(); ++row) {
    for (int column = 0; column < columns(); ++column)
      paintCell(painter, row, column);
  }
}

void PairMatrix::paintHeaders(QPainter& painter) const {
  const double base = basePixelSize(*this);
  const double px = std::max(10.0, base * 11 / 13);
  const QFont caption = textFont(px);
  const double line = px * 1.5;
  const auto token = [&](const QRectF& box, int value) {
    paintToken(painter, box, {QString::number(value), TokenRole::Anchor}, px, m_theme, base / 13);
    if (!m_broken.contains(value))
      return;
    const QRectF mark(box.center().x() + px * 1.4, box.center().y() - px * 0.6, px * 1.2, px * 1.2);
    icon(QStringLiteral("warning"), m_theme.error).paint(&painter, mark.toRect());
  };
  if (!isList()) {
    const QRect first = cellRect(0, 0);
    const QRect last = cellRect(0, columns() - 1);
    const QRectF over(first.left(), 0, last.right() - first.left(), line);
    paintText(painter, over, Qt::AlignHCenter, tr("second anchor  %1").arg(m_second.name), caption,
              m_theme.text_muted);
    for (int column = 0; column < columns(); ++column) {
      const QRect cell = cellRect(0, column);
      token(QRectF(cell.left(), line, cell.width(), headerHeight() - line - 2),
            m_second.tokens[static_cast<std::size_t>(column)]);
    }
    const QRectF beside(0, first.top(), line, cellRect(rows() - 1, 0).bottom() - first.top());
    paintTextUpwards(painter, beside, Qt::AlignHCenter,
                     elided(tr("first anchor  %1").arg(m_first.name), caption, beside.height()),
                     caption, m_theme.text_muted);
  }
  const double left = isList() ? 0 : line;
  for (int row = 0; row < rows(); ++row) {
    const QRect cell = cellRect(row, 0);
    token(QRectF(left, cell.top(), headerWidth() - left - px * 1.6, cell.height()),
          m_first.tokens[static_cast<std::size_t>(row)]);
  }
}

QString PairMatrix::note(const PairCell& cell) const {
  switch (cell.state) {
    case core::CombinationState::HeldOut:
      return tr("held out");
    case core::CombinationState::Relabelled:
      return cell.operation.isEmpty() ? tr("relabelled")
                                      : tr("was %1").arg(shownOperation(cell.operation));
    case core::CombinationState::Trained:
      break;
  }
  return {};
}

void PairMatrix::paintCell(QPainter& painter, int row, int column) const {
  const PairCell& shown = cell(row, column);
  const QRectF box = QRectF(cellRect(row, column)).adjusted(1, 1, -1, -1);
  if (!shown.exists) {
    painter.fillRect(box, QBrush(m_theme.mask_hatch, Qt::BDiagPattern));
  } else {
    const bool dim = isBroken(row, column);
    paintFrame(painter, box, shown, dim);
    paintTexts(painter, box, shown, dim);
  }
  if (hasFocus() && row == m_row && column == m_column) {
    painter.setPen(QPen(m_theme.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), kRadius, kRadius);
  }
}

/// Held out is a dashed outline, relabelled a solid one; colour repeats it.
void PairMatrix::paintFrame(QPainter& painter, const QRectF& box, const PairCell& cell,
                            bool dim) const {
  QColor fill = dim ? m_theme.plot : m_theme.raised;
  QPen pen(m_theme.rule, m_theme.borderWidth());
  if (cell.state == core::CombinationState::HeldOut) {
    const QColor colour = m_theme.group(GroupLine::HeldOut, 1).color();
    pen = QPen(colour, 1.4 * m_theme.borderWidth(), Qt::CustomDashLine);
    pen.setDashPattern({3.5, 2.5});
    fill = mixed(fill, colour, 0.16);
  } else if (cell.state == core::CombinationState::Relabelled) {
    pen = QPen(m_theme.warning, 1.4 * m_theme.borderWidth());
    fill = mixed(fill, m_theme.warning, 0.14);
  }
  painter.setPen(pen);
  painter.setBrush(fill);
  painter.drawRoundedRect(box, kRadius, kRadius);
}

void PairMatrix::paintTexts(QPainter& painter, const QRectF& box, const PairCell& cell,
                            bool dim) const {
  const double base = basePixelSize(*this);
  const double px = std::max(10.0, base * 12 / 13);
  const double note_px = std::max(10.0, base * 11 / 13);
  const QFont mono = monoFont(px);
  const QFont small = textFont(note_px, Weight::SemiBold);
  const bool is_relabelled = cell.state == core::CombinationState::Relabelled;
  const QString operation = is_relabelled ? cell.taught : cell.operation;
  const QString main = operation.isEmpty() ? QStringLiteral("–") : shownOperation(operation);
  const QString below = note(cell);
  const QColor ink = dim ? mixed(m_theme.text_muted, m_theme.plot, 1 - kDim - 0.25) : m_theme.text;
  QColor note_ink = is_relabelled ? m_theme.warning : m_theme.group(GroupLine::HeldOut, 1).color();
  if (dim)
    note_ink = mixed(note_ink, m_theme.plot, 0.2);
  const double room = box.width() - 8;
  if (isList()) {
    const QRectF line = box.adjusted(10, 0, -10, 0);
    const QString text = elided(main, mono, line.width() * (below.isEmpty() ? 1 : 0.6));
    paintText(painter, line, Qt::AlignLeft, text, mono, ink);
    paintText(painter, line, Qt::AlignRight,
              elided(below, small, line.width() - textWidth(text, mono) - 8), small, note_ink);
    return;
  }
  if (below.isEmpty()) {
    paintText(painter, box, Qt::AlignHCenter, elided(main, mono, room), mono, ink);
    return;
  }
  const double half = box.height() / 2;
  const QRectF upper(box.left(), box.top() + half * 0.12, box.width(), half);
  const QRectF lower(box.left(), box.top() + half * 0.88, box.width(), half);
  paintText(painter, upper, Qt::AlignHCenter, elided(main, mono, room), mono, ink);
  paintText(painter, lower, Qt::AlignHCenter, elided(below, small, room), small, note_ink);
}

}  // namespace anchorlens::widgets
