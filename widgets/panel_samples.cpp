// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_samples.h"

#include "widgets/fonts.h"
#include "widgets/head_map.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <map>

namespace anchorlens::widgets {

namespace {

constexpr double kTokenScale = 12.0 / 13.0;
constexpr double kCaptionScale = 11.0 / 13.0;
constexpr double kStaleOpacity = 0.5;

/// Values of the anchor variables of one sample.
std::map<std::string, int> anchorValues(const core::Task& task, const core::SequenceSet& samples,
                                        std::size_t i) {
  std::map<std::string, int> values;
  const auto tokens = samples.row(i);
  const auto roles = samples.rolesOf(i);
  for (std::size_t p = 0; p < tokens.size(); ++p) {
    const core::RoleInfo& role = task.roles()[roles[p]];
    if (role.kind == core::RoleInfo::Kind::Anchor)
      values[role.symbol] = tokens[p];
  }
  return values;
}

bool isRelabelled(const core::Task& task, const core::SequenceSet& samples, std::size_t i) {
  if (samples.splits[i] != core::Split::Train || task.spec().relabel.empty())
    return false;
  const auto values = anchorValues(task, samples, i);
  return std::any_of(
      task.spec().relabel.begin(), task.spec().relabel.end(),
      [&](const core::RelabelSpec& relabel) {
        return !relabel.values.empty() &&
               std::all_of(relabel.values.begin(), relabel.values.end(), [&](const auto& wanted) {
                 const auto found = values.find(wanted.first);
                 return found != values.end() && found->second == wanted.second;
               });
      });
}

}  // namespace

SampleKind sampleKind(const core::Task& task, const core::SequenceSet& samples, std::size_t i) {
  switch (task.groups()[static_cast<std::size_t>(samples.groups[i])].kind) {
    case core::GroupInfo::Kind::Seen:
      return isRelabelled(task, samples, i) ? SampleKind::Relabelled : SampleKind::Train;
    case core::GroupInfo::Kind::HeldOutKeys:
      return SampleKind::Test;
    case core::GroupInfo::Kind::HeldOutCombination:
      break;
  }
  return SampleKind::HeldOut;
}

QString sampleKindName(SampleKind kind) {
  switch (kind) {
    case SampleKind::Train:
      return SampleList::tr("train");
    case SampleKind::Test:
      return SampleList::tr("test");
    case SampleKind::HeldOut:
      return SampleList::tr("held out");
    case SampleKind::Relabelled:
      break;
  }
  return SampleList::tr("relabelled");
}

QString sampleGroup(const core::Task& task, const core::SequenceSet& samples, std::size_t i) {
  return sampleKindName(sampleKind(task, samples, i));
}

struct SampleList::Metrics {
  double token_px = 12;
  double caption_px = 11;
  double token = 24;  ///< width of one token's column
  double row = 23;
  double header = 20;
  double arrow = 14;
  double answer = 34;
  double group = 0;
  double gap = 40;  ///< between columns

  double width(int length) const { return token * length + arrow + answer + group; }
};

SampleList::Metrics SampleList::measure() const {
  Metrics metrics;
  const double base = basePixelSize(*this);
  metrics.caption_px = std::max(10.0, base * kCaptionScale);
  int digits = 2;
  for (const auto token : m_samples.tokens)
    digits = std::max(digits, static_cast<int>(QString::number(token).size()));
  const double digit =
      QFontMetricsF(monoFont(metrics.token_px)).horizontalAdvance(QLatin1Char('0'));
  metrics.token = std::ceil(digit * digits) + (digits <= 2 ? 8 : 4);
  metrics.row = std::ceil(metrics.token_px) + 11;
  metrics.header = std::ceil(metrics.caption_px) + 8;
  metrics.answer = std::ceil(digit * digits) + 14;
  if (!m_is_compact) {
    const QFontMetricsF text(textFont(metrics.caption_px));
    metrics.group = 8 + text.horizontalAdvance(tr("train"));
    for (std::size_t i = 0; m_task && i < m_samples.size(); ++i) {
      metrics.group =
          std::max(metrics.group, 8 + text.horizontalAdvance(sampleGroup(*m_task, m_samples, i)));
    }
  }
  if (m_room > 0 && m_samples.seq_len > 0 && metrics.width(m_samples.seq_len) > m_room) {
    metrics.arrow = 12;
    metrics.answer -= 2;
    // Two digits in full; longer tokens get smaller digits (paintRow).
    const double wanted = (m_room - metrics.width(0)) / m_samples.seq_len;
    metrics.token = std::clamp(std::floor(wanted), std::ceil(digit * 2) + 4, metrics.token);
  }
  return metrics;
}

void SampleList::setFitsParent(bool fits) {
  if (fits)
    parentWidget()->installEventFilter(this);
  else
    parentWidget()->removeEventFilter(this);
  setRoom(fits ? parentWidget()->width() : 0);
}

bool SampleList::eventFilter(QObject* object, QEvent* event) {
  if (object == parentWidget() && event->type() == QEvent::Resize)
    setRoom(parentWidget()->width());
  return QWidget::eventFilter(object, event);
}

void SampleList::setRoom(int width) {
  if (width == m_room)
    return;
  m_room = width;
  setMinimumSize(sizeHint());
  updateGeometry();
  update();
}

SampleList::SampleList(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Sample sequences"));
}

void SampleList::setSamples(const std::optional<core::Task>& task,
                            const core::SequenceSet& samples) {
  m_task = task;
  m_samples = task ? samples : core::SequenceSet{};
  setMinimumSize(sizeHint());
  updateGeometry();
  update();
}

void SampleList::setStale(bool stale) {
  if (stale != m_is_stale) {
    m_is_stale = stale;
    update();
  }
}

void SampleList::setCompact(bool compact) {
  m_is_compact = compact;
  setMinimumSize(sizeHint());
  updateGeometry();
  update();
}

void SampleList::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void SampleList::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
    setMinimumSize(sizeHint());
    updateGeometry();
  }
}

std::size_t SampleList::rowsInColumn() const {
  const auto columns = static_cast<std::size_t>(m_columns);
  return (m_samples.size() + columns - 1) / columns;
}

void SampleList::setColumns(int columns) {
  if (columns == m_columns)
    return;
  m_columns = columns;
  setMinimumSize(sizeHint());
  updateGeometry();
  update();
}

int SampleList::columnsFor(int width, int most) const {
  const Metrics m = measure();
  const double own = m.width(m_samples.seq_len);
  if (own <= 0)
    return 1;
  return std::clamp(static_cast<int>((width + m.gap) / (own + m.gap)), 1, most);
}

QRectF SampleList::rowRect(std::size_t i) const {
  return rowRect(i, measure());
}

QRectF SampleList::rowRect(std::size_t i, const Metrics& m) const {
  const std::size_t rows = std::max<std::size_t>(1, rowsInColumn());
  const double width = m.width(m_samples.seq_len);
  return {static_cast<double>(i / rows) * (width + m.gap),
          m.header + static_cast<double>(i % rows) * m.row, width, m.row};
}

int SampleList::rowAt(QPointF position) const {
  const Metrics m = measure();
  for (std::size_t i = 0; i < m_samples.size(); ++i) {
    if (rowRect(i, m).contains(position))
      return static_cast<int>(i);
  }
  return -1;
}

bool SampleList::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip || !m_explain)
    return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const int row = rowAt(help->pos());
  QToolTip::showText(help->globalPos(),
                     row < 0 ? QString() : m_explain(static_cast<std::size_t>(row)), this);
  return true;
}

QSize SampleList::sizeHint() const {
  const Metrics m = measure();
  const double width = m.width(m_samples.seq_len) * m_columns + m.gap * (m_columns - 1);
  const double height = m.header + m.row * static_cast<double>(rowsInColumn());
  return {static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height))};
}

void SampleList::paintHeader(QPainter& painter, double x, const Metrics& m) const {
  painter.setFont(textFont(m.caption_px));
  painter.setPen(m_theme.text_muted);
  for (int p = 0; p < m_samples.seq_len; ++p) {
    painter.drawText(QRectF(x + p * m.token, 0, m.token, m.header), Qt::AlignCenter,
                     QString::number(p));
  }
  const double answer_x = x + m_samples.seq_len * m.token;
  painter.drawText(QRectF(answer_x, 0, m.arrow + m.answer, m.header),
                   Qt::AlignRight | Qt::AlignVCenter, tr("answer"));
  if (!m_is_compact) {
    painter.drawText(QRectF(answer_x + m.arrow + m.answer + 6, 0, m.group, m.header),
                     Qt::AlignLeft | Qt::AlignVCenter, tr("group"));
  }
}

void SampleList::paintEvent(QPaintEvent*) {
  if (!m_task || m_samples.size() == 0)
    return;
  const Metrics m = measure();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const std::size_t rows = rowsInColumn();
  for (std::size_t i = 0; i < m_samples.size(); i += rows) {
    const double step = m.width(m_samples.seq_len) + m.gap;
    paintHeader(painter, static_cast<double>(i / rows) * step, m);
  }
  painter.setOpacity(m_is_stale ? kStaleOpacity : 1.0);
  for (std::size_t i = 0; i < m_samples.size(); ++i)
    paintRow(painter, i, rowRect(i, m).topLeft(), m);
}

void SampleList::paintRow(QPainter& painter, std::size_t i, QPointF at, const Metrics& m) const {
  const double y = at.y();
  const auto tokens = m_samples.row(i);
  const auto roles = m_samples.rolesOf(i);
  const QFontMetricsF metrics(monoFont(m.token_px));
  for (std::size_t p = 0; p < tokens.size(); ++p) {
    const TokenText token{QString::number(tokens[p]), tokenRole(m_task->roles()[roles[p]])};
    const QRectF box(at.x() + static_cast<double>(p) * m.token + 1, y + 1, m.token - 2, m.row - 3);
    const double text = metrics.horizontalAdvance(token.text) / (box.width() - 1);
    paintToken(painter, box, token, m.token_px / std::max(1.0, text), m_theme);
  }
  const double x = at.x() + m_samples.seq_len * m.token;
  painter.setFont(textFont(m.token_px));
  painter.setPen(m_theme.text_muted);
  painter.drawText(QRectF(x, y, m.arrow, m.row - 1), Qt::AlignCenter, QString(QChar(0x2192)));
  const TokenText answer{QString::number(m_samples.targets[i]), TokenRole::Answer};
  paintToken(painter, QRectF(x + m.arrow, y + 1, m.answer, m.row - 3), answer, m.token_px, m_theme);
  if (m_is_compact)
    return;
  painter.setFont(textFont(m.caption_px));
  const auto kind = sampleKind(*m_task, m_samples, i);
  switch (kind) {
    case SampleKind::Train:
      painter.setPen(m_theme.text_second);
      break;
    case SampleKind::Test:
      painter.setPen(m_theme.group(GroupLine::Test, 1).color());
      break;
    case SampleKind::HeldOut:
      painter.setPen(m_theme.group(GroupLine::HeldOut, 1).color());
      break;
    case SampleKind::Relabelled:
      painter.setPen(m_theme.warning);
  }
  painter.drawText(QRectF(x + m.arrow + m.answer + 6, y, m.group, m.row - 1),
                   Qt::AlignLeft | Qt::AlignVCenter, sampleKindName(kind));
}

NumberTable SampleList::numbers() const {
  NumberTable table;
  table.title = tr("Sample sequences");
  for (int p = 0; p < m_samples.seq_len; ++p)
    table.columns.append(QString::number(p));
  table.columns << tr("answer") << tr("group");
  for (std::size_t i = 0; m_task && i < m_samples.size(); ++i) {
    std::vector<NumberTable::Value> row;
    const auto tokens = m_samples.row(i);
    for (const auto token : tokens)
      row.emplace_back(qint64{token});
    row.resize(static_cast<std::size_t>(m_samples.seq_len), QString());
    row.emplace_back(qint64{m_samples.targets[i]});
    row.emplace_back(sampleGroup(*m_task, m_samples, i));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace anchorlens::widgets
