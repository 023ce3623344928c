// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/compare/seeds_view.h"

#include "widgets/arrow_keys.h"
#include "widgets/fonts.h"
#include "widgets/scroll_to.h"
#include "widgets/text_paint.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace anchorlens::widgets {

namespace {

bool isEnter(int key) {
  return key == Qt::Key_Return || key == Qt::Key_Enter;
}

QString legend() {
  return SeedsView::tr("line: median, band: range, ring: has no such number");
}

}  // namespace

SeedsView::SeedsView(QWidget* parent) : QAbstractScrollArea(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  viewport()->setAutoFillBackground(false);
  setAccessibleName(tr("All seeds of the set-up"));
}

void SeedsView::setSeeds(SeedSet set) {
  const quint64 chosen =
      m_chosen.run >= 0 ? m_set.runs[static_cast<std::size_t>(m_chosen.run)].id : 0;
  m_set = std::move(set);
  m_rows = m_set.runs.empty() ? std::vector<SeedRow>() : seedRows(m_set);
  // The run stays chosen wherever it stands now.
  const auto found = std::find_if(m_set.runs.begin(), m_set.runs.end(),
                                  [chosen](const SeedRun& run) { return run.id == chosen; });
  if (m_chosen.row >= static_cast<int>(m_rows.size()) || found == m_set.runs.end()) {
    m_chosen = {};
  } else {
    m_chosen.run = static_cast<int>(found - m_set.runs.begin());
  }
  layOut();
  setAccessibleDescription(describe(m_chosen));
}

void SeedsView::setEmptyText(const QString& text) {
  m_empty_text = text;
  viewport()->update();
}

void SeedsView::setTheme(const Theme& theme) {
  m_theme = theme;
  viewport()->update();
}

void SeedsView::layOut() {
  const double f = basePixelSize(*this);
  SeedsPaint how;
  how.font_px = f;
  const double title = f * 2.2;
  const double bar = verticalScrollBar()->sizeHint().width();
  m_layout = layoutSeeds(QPointF(4, title), maximumViewportSize().width() - bar - 8, m_rows, how);
  const int hidden =
      static_cast<int>(std::ceil(title + m_layout.height)) - maximumViewportSize().height();
  verticalScrollBar()->setRange(0, std::max(0, hidden));
  verticalScrollBar()->setPageStep(maximumViewportSize().height());
  verticalScrollBar()->setSingleStep(static_cast<int>(f * 2.5));
  viewport()->update();
}

QRectF SeedsView::titleBox() const {
  return {4, 0, viewport()->width() - 8.0, basePixelSize(*this) * 2};
}

std::vector<PlacedText> SeedsView::textsAt(QPointF point) const {
  std::vector<PlacedText> texts;
  if (const auto dot = m_layout.dotAt(point); dot.run >= 0) {
    const auto& dots = m_layout.rows[static_cast<std::size_t>(dot.row)].dots;
    const double reach = m_layout.radius * 1.8;
    QRectF box(0, 0, 2 * reach, 2 * reach);
    box.moveCenter(dots[static_cast<std::size_t>(dot.run)]);
    texts.push_back({box, describe(dot)});
  }
  if (!m_rows.empty()) {
    texts.push_back({titleBox(), titleText(m_set.title, legend())});
  }
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const SeedsLayout::Row& row = m_layout.rows[i];
    for (const QRectF& box : {row.name, row.text}) {
      texts.push_back({box, m_rows[i].title + QStringLiteral(": ") + seedSpreadText(m_rows[i])});
    }
  }
  return texts;
}

QString SeedsView::describe(SeedsLayout::Dot dot) const {
  if (dot.row < 0) {
    return m_set.runs.empty() ? m_empty_text : m_set.title;
  }
  const SeedRow& row = m_rows[static_cast<std::size_t>(dot.row)];
  QString text = row.title + QStringLiteral(": ") + seedSpreadText(row) + QStringLiteral(". ");
  if (dot.run >= 0) {
    const auto run = static_cast<std::size_t>(dot.run);
    text += m_set.runs[run].name + QLatin1Char(' ') + seedValueText(row.kind, row.values[run]) +
            QLatin1Char('.');
  }
  return text;
}

void SeedsView::choose(SeedsLayout::Dot dot) {
  m_chosen = dot;
  setAccessibleDescription(describe(dot));
  if (dot.row >= 0) {
    QRectF row = m_layout.rows[static_cast<std::size_t>(dot.row)].name;
    if (dot.row == 0) {
      row.setTop(0);  // with the title
    }
    scrollTo(*this, row);
  }
  viewport()->update();
}

int SeedsView::neighbour(int row, int run, int by) const {
  const std::vector<double>& values = m_rows[static_cast<std::size_t>(row)].values;
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  const auto at = [&values](int index) {
    const double value = values[static_cast<std::size_t>(index)];
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
  };
  std::stable_sort(order.begin(), order.end(), [&at](int a, int b) { return at(a) < at(b); });
  const auto found = std::find(order.begin(), order.end(), run);
  if (found == order.end()) {
    return order.empty() ? -1 : order.front();
  }
  const int place = static_cast<int>(found - order.begin());
  return order[static_cast<std::size_t>(
      std::clamp(place + by, 0, static_cast<int>(order.size()) - 1))];
}

void SeedsView::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  const double f = basePixelSize(*this);
  if (m_rows.empty()) {
    painter.setFont(textFont(f));
    painter.setPen(m_theme.text_second);
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24),
                     Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_empty_text);
    return;
  }
  painter.translate(0, -verticalScrollBar()->value());
  const QFont bold = textFont(f, Weight::SemiBold);
  const QFont plain = textFont(f - 1);
  QRectF box = titleBox();
  const QString title = elided(m_set.title, bold, box.width());
  paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, title, bold, m_theme.text);
  box.setLeft(box.left() + textWidth(title, bold) + f);
  if (box.width() > f * 3) {
    paintText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, elided(legend(), plain, box.width()),
              plain, m_theme.text_second);
  }
  SeedsPaint how;
  how.font_px = f;
  paintSeeds(painter, m_layout, m_set, m_rows, how, m_theme, m_chosen);
  if (hasFocus()) {
    painter.resetTransform();
    painter.setPen(QPen(m_theme.accent, m_theme.borderWidth()));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
  }
}

void SeedsView::resizeEvent(QResizeEvent*) {
  layOut();
}

void SeedsView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    layOut();
  }
  QAbstractScrollArea::changeEvent(event);
}

void SeedsView::mousePressEvent(QMouseEvent* event) {
  const auto dot = m_layout.dotAt(event->position() + QPointF(0, verticalScrollBar()->value()));
  choose(dot);
  if (dot.run >= 0 && event->button() == Qt::LeftButton) {
    emit runChosen(m_set.runs[static_cast<std::size_t>(dot.run)].id);
  }
}

bool SeedsView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::NoModifier && isArrow(key->key())) {
      event->accept();
      return true;
    }
  }
  return QAbstractScrollArea::event(event);
}

void SeedsView::keyPressEvent(QKeyEvent* event) {
  const int key = event->key();
  if (m_rows.empty() || !(isArrow(key) || isEnter(key))) {
    event->ignore();
    return;
  }
  if (isEnter(key)) {
    if (m_chosen.run >= 0) {
      emit runChosen(m_set.runs[static_cast<std::size_t>(m_chosen.run)].id);
    }
    return;
  }
  SeedsLayout::Dot dot = m_chosen;
  const int last = static_cast<int>(m_rows.size()) - 1;
  if (dot.row < 0) {
    dot = {0, neighbour(0, -1, 0)};
  } else if (key == Qt::Key_Up || key == Qt::Key_Down) {
    dot.row = std::clamp(dot.row + (key == Qt::Key_Up ? -1 : 1), 0, last);
  } else {
    dot.run = neighbour(dot.row, dot.run, key == Qt::Key_Left ? -1 : 1);
  }
  choose(dot);
}

bool SeedsView::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPointF scrolled(0, verticalScrollBar()->value());
    tellTextUnder(*help, textsAt(help->pos() + scrolled), *viewport(), scrolled);
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace anchorlens::widgets
