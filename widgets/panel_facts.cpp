// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_facts.h"

#include "widgets/number_format.h"
#include "widgets/panel_field.h"

#include <QGridLayout>
#include <QLabel>

#include <array>

namespace anchorlens::widgets {

FactRows::FactRows(QWidget* parent) : QWidget(parent) {
  m_grid = new QGridLayout(this);
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(8);
  m_grid->setVerticalSpacing(4);
  m_grid->setColumnStretch(0, 1);
}

void FactRows::setFacts(const std::vector<std::pair<QString, QString>>& facts) {
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
    const int row = static_cast<int>(m_rows.size());
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(value, row, 1);
    m_rows.emplace_back(name, value);
  }
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const bool is_used = i < facts.size();
    m_rows[i].first->setVisible(is_used);
    m_rows[i].second->setVisible(is_used);
    if (is_used) {
      m_rows[i].first->setText(facts[i].first);
      m_rows[i].second->setText(facts[i].second);
      m_rows[i].second->setAccessibleName(facts[i].first);
    }
  }
}

void FactRows::setDimmed(bool dimmed) {
  setEnabled(!dimmed);
}

QString formatBytes(double bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  const int decimals = unit == 0 || bytes >= 100 ? 0 : 1;
  return QString::number(bytes, 'f', decimals) + kThinSpace + QLatin1String(units[unit]);
}

}  // namespace anchorlens::widgets
