// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs_delegate.h"

#include "widgets/fonts.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/panel_runs_model.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr int kLeft = 12;
constexpr int kSwatch = 11;
constexpr int kTextLeft = 30;
constexpr int kIndent = 16;  ///< of what stands below a study or setting
constexpr int kTick = 16;

struct StatusLook {
  QString icon;
  QColor colour;
};

StatusLook lookOf(core::RunState state, const Theme& theme) {
  switch (state) {
    case core::RunState::Training:
      return {QStringLiteral("play"), theme.accent};
    case core::RunState::Paused:
      return {QStringLiteral("pause"), theme.warning};
    case core::RunState::Stopped:
      return {QStringLiteral("stop"), theme.text_second};
    case core::RunState::Failed:
      return {QStringLiteral("warning"), theme.error};
    case core::RunState::Finished:
      return {QStringLiteral("check"), theme.text_second};
    case core::RunState::Created:
      break;
  }
  return {QString(), theme.text_second};
}

void paintTick(QPainter& painter, const QRectF& row, bool is_ticked, const Theme& theme) {
  const QRectF box(row.right() - RunDelegate::kTickWidth + 9.5,
                   std::floor(row.center().y() - kTick / 2.0) + 0.5, kTick, kTick);
  painter.setPen(QPen(is_ticked ? theme.accent : theme.text_muted, theme.borderWidth()));
  painter.setBrush(is_ticked ? QBrush(theme.accent) : QBrush(theme.input));
  painter.drawRoundedRect(box, 3, 3);
  painter.setBrush(Qt::NoBrush);
  if (is_ticked)
    icon(QStringLiteral("check"), theme.on_accent)
        .paint(&painter, box.adjusted(2, 2, -2, -2).toRect());
}

}  // namespace

int RunDelegate::arrowEnd(const RunRow& row) {
  return kTextLeft + row.depth * kIndent;
}

QSize RunDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
  const double px = option.widget != nullptr ? basePixelSize(*option.widget) : 13;
  return {180, static_cast<int>(std::ceil(px * 2)) + (m_is_compact ? 22 : 24)};
}

void RunDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const {
  const auto row = index.data(RunsModel::RowRole).value<RunRow>();
  const double px = option.widget != nullptr ? basePixelSize(*option.widget) : 13;
  const QRectF box = option.rect;
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  if (option.state.testFlag(QStyle::State_Selected)) {
    painter->fillRect(box, m_theme.selection);
    painter->fillRect(QRectF(box.left(), box.top(), 3, box.height()), m_theme.accent);
  }
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter->setPen(QPen(m_theme.accent, 1));
    painter->drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
  }
  painter->setPen(m_theme.rule);
  painter->drawLine(QPointF(box.left(), box.bottom() - 0.5),
                    QPointF(box.right(), box.bottom() - 0.5));

  const double half = box.height() / 2;
  const int indent = row.depth * kIndent;
  const QRectF above(box.left() + kTextLeft + indent, box.top() + 4,
                     box.width() - kTextLeft - indent - kTickWidth, half - 3);
  const QRectF below(above.left(), box.top() + half, above.width(), half - 5);
  const QRectF swatch(box.left() + kLeft + indent, above.center().y() - kSwatch / 2.0, kSwatch,
                      kSwatch);
  if (row.hasArrow()) {
    const QString arrow = QStringLiteral("chevron-%1").arg(row.is_folded ? "right" : "down");
    icon(arrow, m_theme.text_second).paint(painter, swatch.adjusted(-2, -2, 2, 2).toRect());
  } else if (row.is_open && !row.canFold()) {
    if (row.kind == RunRow::Kind::Run && row.depth > 0) {  // hangs on its parent
      const double x = swatch.center().x() - kIndent;
      painter->setPen(QPen(m_theme.text_muted, 1));
      painter->drawLine(QPointF(x, box.top()), QPointF(x, swatch.center().y()));
      painter->drawLine(QPointF(x, swatch.center().y()),
                        QPointF(swatch.left() - 3, swatch.center().y()));
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.run(row.colour));
    painter->drawRoundedRect(swatch, 3, 3);
  }

  if (row.can_tick)
    paintTick(*painter, box, row.is_ticked, m_theme);
  const QString accuracy =
      row.test_accuracy ? formatAccuracy(*row.test_accuracy) : QStringLiteral("–");
  painter->setFont(monoFont(px * 12 / 13));
  painter->setPen(row.is_context ? m_theme.text_muted : m_theme.text);
  painter->drawText(above, Qt::AlignRight | Qt::AlignVCenter, accuracy);
  const double accuracy_width = QFontMetricsF(painter->font()).horizontalAdvance(accuracy) + 8;
  painter->setFont(textFont(px, Weight::SemiBold));
  const QRectF name = above.adjusted(0, 0, -accuracy_width, 0);
  painter->drawText(
      name, Qt::AlignLeft | Qt::AlignVCenter,
      QFontMetricsF(painter->font()).elidedText(row.name, Qt::ElideRight, name.width()));

  const StatusLook look = lookOf(row.state, m_theme);
  painter->setFont(textFont(px * 12 / 13));
  double x = below.left();
  if (!look.icon.isEmpty()) {
    const int size = static_cast<int>(px * 0.85);
    icon(look.icon, look.colour)
        .paint(painter, QRectF(x, below.center().y() - size / 2.0, size, size).toRect());
    x += size + 5;
  }
  const QFontMetricsF metrics(painter->font());
  painter->setPen(look.colour);
  painter->drawText(QRectF(x, below.top(), below.right() - x, below.height()),
                    Qt::AlignLeft | Qt::AlignVCenter, row.status);
  x += metrics.horizontalAdvance(row.status) + 10;
  painter->setPen(m_theme.text_second);
  painter->drawText(
      QRectF(x, below.top(), std::max(0.0, below.right() - x), below.height()),
      Qt::AlignLeft | Qt::AlignVCenter,
      metrics.elidedText(row.difference, Qt::ElideRight, std::max(0.0, below.right() - x)));
  painter->restore();
}

void RunDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                       const QModelIndex& index) const {
  const QRect box = option.rect;
  const int left = arrowEnd(index.data(RunsModel::RowRole).value<RunRow>()) - 8;
  editor->setGeometry(box.left() + left, box.top() + 2, box.width() - left - 12,
                      editor->sizeHint().height());
}

}  // namespace anchorlens::widgets
