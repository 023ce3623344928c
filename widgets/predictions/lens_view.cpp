// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/lens_view.h"

#include "widgets/accessible_views.h"
#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/head_map.h"
#include "widgets/number_format.h"
#include "widgets/text_paint.h"

#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QString boundaryName(int boundary) {
  return boundary == 0 ? LensView::tr("Embedding")
                       : LensView::tr("after layer %1").arg(boundary - 1);
}

/// Of the font: a cell's least size, the tokens and positions under the cells, what is told of a
/// cell and how far that is under these.
constexpr double kLeastWidth = 1.8;
constexpr double kLeastHeight = 1.4;
constexpr double kTokens = 4.2;
constexpr double kTold = 1.6;
constexpr double kUnder = 1.2;

double leftOf(double font_px) {
  return textWidth(QStringLiteral("after layer 10"), textFont(font_px * 0.95)) + font_px;
}

}  // namespace

NumberTable lensNumbers(const LensData& data) {
  NumberTable table;
  table.title = QStringLiteral("Logit lens, step %1").arg(data.step);
  table.columns = {QStringLiteral("boundary"), QStringLiteral("position"), QStringLiteral("token")};
  for (int k = 1; k <= 5; ++k)
    table.columns << QStringLiteral("token_%1").arg(k) << QStringLiteral("p_%1").arg(k);
  for (int boundary = 0; boundary <= data.n_layers && !data.isEmpty(); ++boundary) {
    for (int position = 0; position < data.length; ++position) {
      std::vector<NumberTable::Value> row{static_cast<qint64>(boundary),
                                          static_cast<qint64>(position),
                                          data.tokens[static_cast<std::size_t>(position)].text};
      const core::Prediction& cell = data.at(boundary, position);
      for (std::size_t k = 0; k < cell.tokens.size(); ++k) {
        row.emplace_back(static_cast<qint64>(cell.tokens[k]));
        row.emplace_back(static_cast<double>(cell.p[k]));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

QRectF lensCell(const QRectF& area, const LensData& data, double font_px, int boundary,
                int position) {
  const double left = area.left() + leftOf(font_px);
  const double width = std::min((area.right() - left) / std::max(1, data.length), font_px * 5);
  const double room = area.height() - font_px * kTokens;
  const double height = std::clamp(room / (data.n_layers + 1), font_px * kLeastHeight, font_px * 4);
  return {left + position * width, area.top() + (data.n_layers - boundary) * height, width, height};
}

void paintLens(QPainter& painter, const QRectF& area, const LensData& data,
               const LensPaintOptions& options, const Theme& theme) {
  if (data.isEmpty())
    return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const double f = options.font_px;
  const double gap = 0.5 * options.unit;
  for (int boundary = 0; boundary <= data.n_layers; ++boundary) {
    const QRectF first = lensCell(area, data, f, boundary, 0);
    paintText(
        painter,
        QRectF(area.left(), first.top(), first.left() - area.left() - f * 0.6, first.height()),
        Qt::AlignRight | Qt::AlignVCenter, boundaryName(boundary), textFont(f * 0.95),
        theme.text_second, options.text_as_paths);
    for (int position = 0; position < data.length; ++position) {
      const QRectF box = lensCell(area, data, f, boundary, position).adjusted(gap, gap, -gap, -gap);
      const core::Prediction& cell = data.at(boundary, position);
      const QRgb colour = colourAt(options.map, static_cast<double>(cell.p[0]));
      painter.fillRect(box, QColor(colour));
      const bool is_answer = cell.tokens[0] == data.answer;
      const double size = std::min(f, box.width() * 0.36);
      paintText(painter, box, Qt::AlignHCenter | Qt::AlignVCenter, QString::number(cell.tokens[0]),
                monoFont(size, is_answer ? Weight::SemiBold : Weight::Regular), textOn(colour),
                options.text_as_paths);
      if (is_answer) {
        painter.setPen(QPen(theme.token(TokenRole::Answer).text, 2 * options.unit));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box.adjusted(gap, gap, -gap, -gap));
      }
    }
  }
  for (int position = 0; position < data.length; ++position) {
    const QRectF box = lensCell(area, data, f, 0, position);
    paintToken(painter, QRectF(box.left(), box.bottom() + f * 0.4, box.width(), f * 1.7),
               data.tokens[static_cast<std::size_t>(position)], std::min(f, box.width() * 0.4),
               theme, options.unit, options.text_as_paths);
    paintText(painter, QRectF(box.left(), box.bottom() + f * 2.3, box.width(), f * 1.2),
              Qt::AlignHCenter | Qt::AlignVCenter, QString::number(position), monoFont(f * 0.85),
              theme.text_second, options.text_as_paths);
  }
  painter.restore();
}

LensView::LensView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Logit lens"));
  // The last boundary is on top.
  describeAsTable(
      *this,
      {[this] { return m_data.isEmpty() ? 0 : m_data.n_layers + 1; },
       [this] { return m_data.length; },
       [this](int row, int column) { return description(m_data.n_layers - row, column); },
       [this](int row, int column) { return cellRect(m_data.n_layers - row, column).toRect(); },
       [this] {
         return m_boundary >= 0 ? std::optional(std::pair(m_data.n_layers - m_boundary, m_position))
                                : std::nullopt;
       }});
}

void LensView::setData(LensData data) {
  m_data = std::move(data);
  if (m_boundary > m_data.n_layers || m_position >= m_data.length)
    m_boundary = m_position = -1;
  if (m_boundary >= 0)
    setAccessibleDescription(description(m_boundary, m_position));
  updateGeometry();
  update();
}

void LensView::setEmptyText(const QString& text) {
  m_empty_text = text;
  update();
}

void LensView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

/// Under it is room for what is told of a cell.
QRectF LensView::area() const {
  return QRectF(rect()).adjusted(0, 0, 0, -basePixelSize(*this) * kUnder);
}

QRectF LensView::cellRect(int boundary, int position) const {
  return lensCell(area(), m_data, basePixelSize(*this), boundary, position);
}

QSize LensView::minimumSizeHint() const {
  if (m_data.isEmpty())
    return {};
  const double f = basePixelSize(*this);
  return {
      static_cast<int>(std::ceil(leftOf(f) + m_data.length * f * kLeastWidth)),
      static_cast<int>(std::ceil(f * ((m_data.n_layers + 1) * kLeastHeight + kTokens + kUnder)))};
}

/// With the name of its row or column where these are next to it, and what is told of it.
QRect LensView::partOfCurrent() const {
  const double f = basePixelSize(*this);
  QRectF part = cellRect(m_boundary, m_position);
  if (m_position == 0)
    part.setLeft(0);
  part.setBottom(part.bottom() + f * (kTold + (m_boundary == 0 ? kTokens : 0)));
  return part.toAlignedRect().intersected(rect());
}

QString LensView::description(int boundary, int position) const {
  QStringList options;
  const core::Prediction& cell = m_data.at(boundary, position);
  for (std::size_t k = 0; k < cell.tokens.size(); ++k) {
    options
        << tr("%1 with %2").arg(cell.tokens[k]).arg(formatScore(static_cast<double>(cell.p[k])));
  }
  QString place = boundaryName(boundary);
  place[0] = place[0].toUpper();
  return tr("%1, position %2, token %3: %4")
      .arg(place)
      .arg(position)
      .arg(m_data.tokens[static_cast<std::size_t>(position)].text,
           options.join(QStringLiteral("; ")));
}

bool LensView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->modifiers() == Qt::NoModifier && isArrow(key->key())) {
      event->accept();
      return true;
    }
  }
  if (event->type() == QEvent::ToolTip) {
    const auto* help = dynamic_cast<QHelpEvent*>(event);
    for (int boundary = 0; help != nullptr && boundary <= m_data.n_layers; ++boundary) {
      for (int position = 0; position < m_data.length; ++position) {
        if (cellRect(boundary, position).contains(help->pos())) {
          QToolTip::showText(help->globalPos(), description(boundary, position), this);
          return true;
        }
      }
    }
    QToolTip::hideText();
    return true;
  }
  return QWidget::event(event);
}

void LensView::keyPressEvent(QKeyEvent* event) {
  if (m_data.isEmpty() || event->modifiers() != Qt::NoModifier || !isArrow(event->key())) {
    event->ignore();
    return;
  }
  if (m_boundary < 0) {
    m_boundary = m_data.n_layers;
    m_position = m_data.length - 1;
  } else {
    const int up = event->key() == Qt::Key_Up ? 1 : event->key() == Qt::Key_Down ? -1 : 0;
    const int right = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    m_boundary = std::clamp(m_boundary + up, 0, m_data.n_layers);
    m_position = std::clamp(m_position + right, 0, m_data.length - 1);
  }
  setAccessibleDescription(description(m_boundary, m_position));
  tellCurrentCell(*this);
  update();
  emit cellReached(partOfCurrent());
}

/// Scrolled: what is told of a cell stays at the lower edge of what is seen.
void LensView::moveEvent(QMoveEvent*) {
  update();
}

void LensView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const double f = basePixelSize(*this);
  if (m_data.isEmpty()) {
    painter.setFont(textFont(f));
    painter.setPen(m_theme.text_second);
    painter.drawText(rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  LensPaintOptions options;
  options.font_px = f;
  paintLens(painter, area(), m_data, options, m_theme);
  if (m_boundary >= 0 && hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.accent, 2));
    painter.drawRect(cellRect(m_boundary, m_position));
    const QFont font = textFont(f - 1);
    const QRectF seen(visibleRegion().boundingRect());
    const QRectF under(seen.left(), seen.bottom() - f * kTold, seen.width(), f * kTold);
    painter.fillRect(under, m_theme.panel);
    painter.setPen(m_theme.text);
    painter.setFont(font);
    painter.drawText(under, Qt::AlignLeft | Qt::AlignVCenter,
                     elided(description(m_boundary, m_position), font, seen.width()));
  }
}

}  // namespace anchorlens::widgets
