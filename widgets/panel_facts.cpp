// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_facts.h"

#include "widgets/number_format.h"
#include "widgets/panel_field.h"
#include "widgets/plain_number.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>

#include <array>
#include <cmath>

namespace anchorlens::widgets {

namespace {
constexpr qsizetype kLongest = 22;  ///< characters beside a name
}  // namespace

FactRows::FactRows(QWidget* parent) : QWidget(parent) {
  m_grid = new QGridLayout(this);
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setVerticalSpacing(4);
}

void FactRows::setFacts(const std::vector<std::pair<QString, QString>>& facts,
                        const QHash<QString, QString>& tips) {
  if (facts == m_facts)
    return;
  m_facts = facts;
  while (m_rows.size() < facts.size()) {
    auto* name = makeElidingLabel({}, this);
    name->setProperty("role", "second");
    auto* value = new QLabel(this);
    value->setProperty("role", "mono");
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Each name has what its own value leaves.
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(name, 1);
    line->addWidget(value);
    m_grid->addLayout(line, 2 * static_cast<int>(m_rows.size()), 0);
    m_rows.emplace_back(name, value);
  }
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const bool is_used = i < facts.size();
    m_rows[i].first->setVisible(is_used);
    m_rows[i].second->setVisible(is_used);
    if (is_used) {
      m_rows[i].first->setText(facts[i].first);
      m_rows[i].second->setText(facts[i].second);
      const QString tip = tips.value(facts[i].first);
      m_rows[i].first->setToolTip(tip);
      m_rows[i].second->setToolTip(tip);
      placeValue(i);
      m_rows[i].second->setAccessibleName(facts[i].first);
    }
  }
}

/// Beside its name; a text that would leave no room for the names has a row of its own.
void FactRows::placeValue(std::size_t fact) {
  QLabel* value = m_rows[fact].second;
  const int row = 2 * static_cast<int>(fact);
  const bool is_long = value->text().size() > kLongest;
  if (value->wordWrap() == is_long)
    return;
  value->setWordWrap(is_long);
  auto* line = static_cast<QHBoxLayout*>(m_grid->itemAtPosition(row, 0)->layout());
  if (is_long) {
    line->removeWidget(value);
    m_grid->addWidget(value, row + 1, 0);
  } else {
    m_grid->removeWidget(value);
    line->addWidget(value);
  }
}

void FactRows::setDimmed(bool dimmed) {
  setEnabled(!dimmed);
}

namespace {

/// Three digits or so with a unit that counts in thousands.
template <std::size_t N>
QString withUnit(double value, const std::array<const char*, N>& units) {
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = unit == 0 || value >= 100 ? 0 : 1;
  return QString::number(value, 'f', decimals) + kThinSpace + QLatin1String(units[unit]);
}

}  // namespace

QString formatBytes(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  return withUnit(bytes, units);
}

QString formatFlop(double flop) {
  constexpr std::array units{"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP"};
  return withUnit(flop, units);
}

QString formatDuration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  if (!(seconds < 10'000 * kDay))
    return FactRows::tr("more than 10 000 days");
  if (seconds < 1)
    return FactRows::tr("less than 1 s");
  if (seconds < kMinute)
    return FactRows::tr("%1 s").arg(std::llround(seconds));
  if (seconds < kHour) {
    const auto whole = std::llround(seconds);
    const auto rest = whole % 60;
    const QString minutes = FactRows::tr("%1 min").arg(whole / 60);
    return rest == 0 ? minutes : minutes + FactRows::tr(" %1 s").arg(rest);
  }
  if (seconds < 2 * kDay) {
    const auto minutes = std::llround(seconds / kMinute);
    const QString hours = FactRows::tr("%1 h").arg(minutes / 60);
    return minutes % 60 == 0 ? hours : hours + FactRows::tr(" %1 min").arg(minutes % 60);
  }
  return FactRows::tr("%1 days").arg(std::llround(seconds / kDay));
}

QString formatRate(double per_second) {
  if (per_second >= 10)
    return formatInteger(std::llround(per_second));
  return formatShort(per_second, 2);
}

}  // namespace anchorlens::widgets
