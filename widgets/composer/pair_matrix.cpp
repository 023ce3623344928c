// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/pair_matrix.h"

#include "widgets/accessible_views.h"
#include "widgets/fonts.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

constexpr int kCellGap = 4;
constexpr int kLeastCellWidth = 46;
constexpr int kMostCellWidth = 110;

}  // namespace

QString shownOperation(const QString& operation) {
  static const QRegularExpression product(QStringLiteral("(\\d)\\*(?=[a-z(])"));
  return QString(operation).replace(product, QStringLiteral("\\1"));
}

QString spokenOperation(const QString& operation) {
  QString text;
  for (const QChar c : operation) {
    if (c == QLatin1Char('+'))
      text += PairMatrix::tr(" plus ");
    else if (c == QLatin1Char('-'))
      text += PairMatrix::tr(" minus ");
    else if (c == QLatin1Char('*'))
      text += PairMatrix::tr(" times ");
    else if (c == QLatin1Char('%'))
      text += PairMatrix::tr(" percent");
    else if (c == QLatin1Char('|'))
      text += PairMatrix::tr("or");
    else
      text += c;
  }
  return text.simplified();
}

PairMatrix::PairMatrix(QWidget* parent) : QWidget(parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setAccessibleName(tr("Anchor pairs"));
  describeAsTable(*this, {[this] { return rows(); }, [this] { return columns(); },
                          [this](int row, int column) { return cellText(row, column); },
                          [this](int row, int column) { return cellRect(row, column); },
                          [this] { return std::optional(currentCell()); }});
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void PairMatrix::setCells(const Axis& first, const Axis& second, std::vector<PairCell> cells) {
  const bool is_new = !(first == m_first && second == m_second);
  m_first = first;
  m_second = second;
  m_cells = std::move(cells);
  if (is_new) {
    endEdit(false);
    m_row = std::clamp(m_row, 0, std::max(rows() - 1, 0));
    m_column = std::clamp(m_column, 0, std::max(columns() - 1, 0));
    setMinimumSize(minimumSizeHint());
    updateGeometry();
  }
  announce();
  update();
}

void PairMatrix::setBroken(const std::set<int>& tokens) {
  m_broken = tokens;
  update();
}

void PairMatrix::setReadOnly(bool read_only) {
  m_is_read_only = read_only;
  if (read_only)
    endEdit(false);
}

void PairMatrix::setTheme(const Theme& theme) {
  m_theme = theme;
  update();
}

void PairMatrix::setCompact(bool compact) {
  m_is_compact = compact;
  setMinimumSize(minimumSizeHint());
  updateGeometry();
}

int PairMatrix::columns() const {
  return isList() ? (m_first.tokens.empty() ? 0 : 1) : static_cast<int>(m_second.tokens.size());
}

const PairCell& PairMatrix::cell(int row, int column) const {
  return m_cells.at(static_cast<std::size_t>(row * columns() + column));
}

bool PairMatrix::isBroken(int row, int column) const {
  return m_broken.contains(m_first.tokens[static_cast<std::size_t>(row)]) ||
         (!isList() && m_broken.contains(m_second.tokens[static_cast<std::size_t>(column)]));
}

int PairMatrix::headerWidth() const {
  const double px = basePixelSize(*this);
  return static_cast<int>(std::round(px * (isList() ? 4.2 : 5.2)));
}

int PairMatrix::headerHeight() const {
  return isList() ? 0 : static_cast<int>(std::round(basePixelSize(*this) * 3.4));
}

int PairMatrix::cellHeight() const {
  const double px = basePixelSize(*this);
  if (isList())
    return static_cast<int>(std::round(px * 2.2));
  return static_cast<int>(std::round(px * (m_is_compact || rows() > 6 ? 3.2 : 4.2)));
}

QRect PairMatrix::cellRect(int row, int column) const {
  const int n = std::max(columns(), 1);
  const double scale = basePixelSize(*this) / 13.0;
  const double room = std::max(width() - headerWidth(), 1);
  const double widest = isList() ? room : kMostCellWidth * scale;
  const double w = std::min(room / n, widest);
  const int left = headerWidth() + static_cast<int>(std::round(column * w));
  const int right = headerWidth() + static_cast<int>(std::round((column + 1) * w));
  const int h = cellHeight();
  return {left, headerHeight() + row * h, right - left - kCellGap, h - kCellGap};
}

QSize PairMatrix::minimumSizeHint() const {
  const double scale = basePixelSize(*this) / 13.0;
  const int least = static_cast<int>((isList() ? 160 : kLeastCellWidth) * scale);
  return {headerWidth() + std::max(columns(), 1) * least, headerHeight() + rows() * cellHeight()};
}

QSize PairMatrix::sizeHint() const {
  return minimumSizeHint();
}

std::optional<std::pair<int, int>> PairMatrix::cellAt(const QPoint& position) const {
  for (int row = 0; row < rows(); ++row) {
    for (int column = 0; column < columns(); ++column) {
      if (cellRect(row, column).adjusted(0, 0, kCellGap, kCellGap).contains(position))
        return std::pair{row, column};
    }
  }
  return std::nullopt;
}

void PairMatrix::setCurrentCell(int row, int column) {
  row = std::clamp(row, 0, std::max(rows() - 1, 0));
  column = std::clamp(column, 0, std::max(columns() - 1, 0));
  if (row == m_row && column == m_column)
    return;
  m_row = row;
  m_column = column;
  announce();
  update();
  emit currentCellChanged();
}

void PairMatrix::announce() {
  if (rows() == 0 || columns() == 0)
    return;
  const QString text = cellText(m_row, m_column);
  if (text == accessibleDescription())
    return;
  setAccessibleDescription(text);
  tellCurrentCell(*this);
}

QString PairMatrix::cellText(int row, int column) const {
  const int first = m_first.tokens[static_cast<std::size_t>(row)];
  QStringList parts;
  if (isList()) {
    parts << tr("Anchor %1").arg(first);
  } else {
    parts << tr("First %1").arg(first)
          << tr("second %1").arg(m_second.tokens[static_cast<std::size_t>(column)]);
  }
  const PairCell& shown = cell(row, column);
  if (!shown.exists)
    return (parts << tr("never drawn")).join(QStringLiteral(", "));
  const QString operation =
      shown.operation.isEmpty() ? tr("no operation") : spokenOperation(shown.operation);
  switch (shown.state) {
    case core::CombinationState::Trained:
      parts << operation << tr("trained");
      break;
    case core::CombinationState::HeldOut:
      parts << operation
            << (shown.is_by_wider_rule ? tr("held out by a rule of one anchor") : tr("held out"));
      break;
    case core::CombinationState::Relabelled:
      parts << tr("relabelled %1").arg(spokenOperation(shown.taught))
            << tr("was %1").arg(operation);
      break;
  }
  if (isBroken(row, column))
    parts << tr("waits for an anchor with a problem");
  return parts.join(QStringLiteral(", "));
}

}  // namespace anchorlens::widgets
