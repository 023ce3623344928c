// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/problem_line.h"

#include "widgets/icons.h"

#include <QHBoxLayout>
#include <QLabel>

#include <utility>

namespace anchorlens::widgets {

ProblemLine::ProblemLine(QWidget* parent) : QFrame(parent) {
  setProperty("role", "bar");
  setProperty("state", "problem");
  setAccessibleName(tr("Problem"));
  m_icon = new QLabel(this);
  m_text = new QLabel(this);
  m_text->setProperty("role", "problem");
  m_text->setWordWrap(true);
  m_text->setTextFormat(Qt::PlainText);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 5, 10, 5);
  row->setSpacing(8);
  row->addWidget(m_icon, 0, Qt::AlignTop);
  row->addWidget(m_text, 1);
  hide();
}

void ProblemLine::setLines(QStringList lines) {
  lines.removeDuplicates();
  if (lines == m_lines)
    return;
  m_lines = std::move(lines);
  m_text->setText(m_lines.join(QLatin1Char('\n')));
  setAccessibleDescription(m_lines.join(QLatin1Char(' ')));
  setVisible(!m_lines.isEmpty());
}

void ProblemLine::setTheme(const Theme& theme) {
  m_icon->setPixmap(icon(QStringLiteral("warning"), theme.error).pixmap(14, 14));
}

}  // namespace anchorlens::widgets
