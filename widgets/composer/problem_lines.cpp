// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/problem_lines.h"

#include "widgets/icons.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {
constexpr int kIcon = 14;
}

ProblemLines::ProblemLines(QWidget* parent) : QWidget(parent) {
  m_layout = new QVBoxLayout(this);
  m_layout->setContentsMargins(0, 0, 0, 0);
  m_layout->setSpacing(6);
  hide();
}

void ProblemLines::setProblems(const core::SpecErrors& problems,
                               const std::vector<core::Repair>& repairs) {
  std::vector<core::Repair> own;
  for (const core::Repair& repair : repairs) {
    const bool is_own = std::any_of(problems.begin(), problems.end(), [&](const auto& problem) {
      return problem.pointer == repair.pointer;
    });
    if (is_own)
      own.push_back(repair);
  }
  const auto labels = [](const std::vector<core::Repair>& some) {
    std::vector<std::string> texts;
    for (const core::Repair& repair : some)
      texts.push_back(repair.pointer + repair.label);
    return texts;
  };
  const bool is_same = problems == m_problems && labels(own) == labels(m_repairs);
  m_problems = problems;
  m_repairs = std::move(own);
  if (!is_same)
    rebuild();
  setStale(false);
  setVisible(!m_problems.empty());
}

void ProblemLines::rebuild() {
  while (QLayoutItem* item = m_layout->takeAt(0)) {
    if (QWidget* widget = item->widget()) {
      widget->hide();
      widget->deleteLater();  // one of its buttons may be the sender
    }
    delete item;
  }
  for (const core::SpecError& problem : m_problems)
    m_layout->addWidget(buildLine(problem));
  emit rebuilt();
}

QWidget* ProblemLines::buildLine(const core::SpecError& problem) {
  auto* line = new QFrame(this);
  line->setProperty("role", "bar");
  line->setProperty("state", "problem");
  line->setAccessibleName(tr("Problem"));
  line->setAccessibleDescription(QString::fromStdString(problem.message));
  auto* outer = new QVBoxLayout(line);
  outer->setContentsMargins(8, 4, 8, 4);
  outer->setSpacing(0);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  auto* mark = new QLabel(line);
  mark->setPixmap(icon(QStringLiteral("warning"), m_theme.error).pixmap(kIcon, kIcon));
  auto* text = new QLabel(QString::fromStdString(problem.message), line);
  text->setProperty("role", "problem");
  text->setWordWrap(true);
  text->setToolTip(placeOf(problem.pointer));
  text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  head->addWidget(mark, 0, Qt::AlignTop);
  head->addWidget(text, 1);
  outer->addLayout(head);
  auto* buttons = new QHBoxLayout;
  buttons->setContentsMargins(kIcon + 4, 0, 0, 0);
  buttons->setSpacing(8);
  // Several problems may stand at one pointer; their repairs are told once, at the first.
  const auto first = std::find_if(m_problems.begin(), m_problems.end(), [&](const auto& other) {
    return other.pointer == problem.pointer;
  });
  for (std::size_t i = 0; i < m_repairs.size() && *first == problem; ++i) {
    const core::Repair& repair = m_repairs[i];
    if (repair.pointer != problem.pointer)
      continue;
    auto* button = new QPushButton(QString::fromStdString(repair.label), line);
    button->setProperty("role", "link");
    button->setFocusPolicy(Qt::TabFocus);
    connect(button, &QPushButton::clicked, this, [this, i] {
      const core::Repair chosen = m_repairs[i];
      emit repairChosen(chosen.next, QString::fromStdString(chosen.label));
    });
    buttons->addWidget(button);
  }
  if (buttons->isEmpty()) {
    delete buttons;
  } else {
    buttons->addStretch(1);
    outer->addLayout(buttons);
  }
  return line;
}

void ProblemLines::setStale(bool stale) {
  m_is_stale = stale;
  for (QPushButton* button : findChildren<QPushButton*>())
    button->setEnabled(!stale);
}

void ProblemLines::setTheme(const Theme& theme) {
  m_theme = theme;
  rebuild();
  setStale(m_is_stale);
}

QString placeOf(const std::string& pointer) {
  const QStringList steps =
      QString::fromStdString(pointer).split(QLatin1Char('/'), Qt::SkipEmptyParts);
  QStringList words;
  for (const QString& step : steps) {
    bool is_number = false;
    const int index = step.toInt(&is_number);
    words.append(is_number ? QString::number(index + 1)
                           : QString(step).replace(QLatin1Char('_'), QLatin1Char(' ')));
  }
  return words.join(QStringLiteral(" › "));
}

}  // namespace anchorlens::widgets
