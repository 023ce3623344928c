// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/summary_view.h"

#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/tip_box.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace anchorlens::widgets {

SummaryView::SummaryView(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Answers on the whole probe"));
}

void SummaryView::setSummary(std::shared_ptr<const ProbeSummary> summary) {
  m_summary = std::move(summary);
  const int n = static_cast<int>(items().size());
  point(m_item < n ? m_item : -1);
  update();
}

void SummaryView::setEmptyText(const QString& text) {
  m_empty_text = text;
  update();
}

void SummaryView::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

QRectF SummaryView::area() const {
  return QRectF(rect()).adjusted(4, 4, -4, -4);
}

SummaryPaintOptions SummaryView::options() const {
  SummaryPaintOptions options;
  options.font_px = basePixelSize(*this);
  return options;
}

std::vector<SummaryItem> SummaryView::items() const {
  return m_summary && m_summary->n > 0 ? summaryItems(area(), *m_summary, options())
                                       : std::vector<SummaryItem>{};
}

QString SummaryView::description() const {
  const auto all = items();
  if (m_item < 0 || static_cast<std::size_t>(m_item) >= all.size())
    return {};
  const CellTip& tip = all[static_cast<std::size_t>(m_item)].tip;
  return tip.title + QStringLiteral(". ") + tip.lines.join(QStringLiteral(". ")) + QLatin1Char('.');
}

void SummaryView::point(int item) {
  m_item = item;
  const QString text =
      m_summary ? tr("%1 of %2 right. ").arg(m_summary->n_right).arg(m_summary->n) : QString();
  setAccessibleDescription((text + description()).trimmed());
  update();
}

bool SummaryView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool is_ours = isArrow(key->key()) || (key->key() == Qt::Key_Escape && m_item >= 0);
    if (key->modifiers() == Qt::NoModifier && is_ours && !items().empty()) {
      event->accept();
      return true;
    }
  }
  return QWidget::event(event);
}

void SummaryView::keyPressEvent(QKeyEvent* event) {
  const int last = static_cast<int>(items().size()) - 1;
  if (event->key() == Qt::Key_Escape && m_item >= 0) {
    point(-1);
  } else if (isArrow(event->key()) && last >= 0) {
    const bool is_back = event->key() == Qt::Key_Left || event->key() == Qt::Key_Up;
    point(m_item < 0 ? 0 : std::clamp(m_item + (is_back ? -1 : 1), 0, last));
  } else {
    event->ignore();
  }
}

/// The smallest thing under the pointer, or as near to it as makes no difference.
void SummaryView::mouseMoveEvent(QMouseEvent* event) {
  constexpr double kReach = 3;
  const auto all = items();
  int found = -1;
  double least = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const QRectF& box = all[i].box;
    const double size = box.width() * box.height();
    if (box.adjusted(-kReach, -kReach, kReach, kReach).contains(event->position()) &&
        (found < 0 || size < least)) {
      found = static_cast<int>(i);
      least = size;
    }
  }
  if (found != m_item)
    point(found);
}

void SummaryView::leaveEvent(QEvent*) {
  if (!hasFocus())
    point(-1);
}

void SummaryView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (!m_summary || m_summary->n == 0) {
    painter.setFont(textFont(options().font_px));
    painter.setPen(m_theme.text_second);
    painter.drawText(rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  paintSummary(painter, area(), *m_summary, options(), m_theme);
  painter.setRenderHint(QPainter::Antialiasing);
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
  const auto all = items();
  if (m_item < 0 || static_cast<std::size_t>(m_item) >= all.size())
    return;
  const SummaryItem& item = all[static_cast<std::size_t>(m_item)];
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(m_theme.text, 1.5));
  painter.drawRect(item.box.adjusted(-2, -2, 2, 2));
  paintTipBox(painter, QRectF(rect()), item.box, item.tip, options().font_px, m_theme);
}

}  // namespace anchorlens::widgets
