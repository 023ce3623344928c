// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a field: under it, and marked in it.
#include "widgets/panel_field.h"
#include "widgets/panel_pattern.h"
#include "widgets/styled_property.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTextBlock>
#include <QTextEdit>

#include <algorithm>

namespace anchorlens::widgets {

void FormField::setProblems(const std::vector<core::SpecError>& problems) {
  if (m_problems == problems)
    return;
  m_problems = problems;
  showProblems();
}

bool FormField::hasProblem() const {
  return !m_text_problem.isEmpty() || !m_problems.empty();
}

void FormField::setTextProblem(const QString& problem) {
  const bool is_same = problem == m_text_problem;
  m_text_problem = problem;
  showProblems();
  if (!is_same)
    emit textProblemChanged();
}

QString FormField::namedTextProblem() const {
  return QStringLiteral("%1: %2").arg(m_editor->accessibleName(), m_text_problem);
}

core::SpecErrors FormField::problems() const {
  core::SpecErrors all;
  for (const QString& line : m_text_problem.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
    all.push_back({m_spec.pointer.toStdString(), line.toStdString()});
  all.insert(all.end(), m_problems.begin(), m_problems.end());
  return all;
}

/// One line a problem; in a text of several lines each with its number.
QStringList FormField::problemLines() const {
  QStringList lines;
  if (!m_text_problem.isEmpty())
    lines.append(m_text_problem.split(QLatin1Char('\n')));
  const bool is_text = m_spec.kind == FieldSpec::Kind::Text;
  // What the experiment says of lines that have been changed since could only mislead.
  if (is_text && !m_text_problem.isEmpty())
    return lines;
  std::vector<int> line_of_row;
  if (is_text) {
    const QStringList all = text().split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < all.size(); ++i) {
      if (!all[i].trimmed().isEmpty())
        line_of_row.push_back(static_cast<int>(i) + 1);
    }
  }
  for (const auto& problem : m_problems) {
    const QString message = QString::fromStdString(problem.message);
    const QStringList place = QString::fromStdString(problem.pointer)
                                  .mid(m_spec.pointer.size())
                                  .split(QLatin1Char('/'), Qt::SkipEmptyParts);
    const auto row = place.isEmpty() ? line_of_row.size() : place[0].toULongLong();
    if (!is_text || row >= line_of_row.size())
      lines.append(message);
    else if (place.size() < 2)
      lines.append(tr("Line %1: %2").arg(line_of_row[row]).arg(message));
    else
      lines.append(
          tr("Line %1, token %2: %3").arg(line_of_row[row]).arg(place[1].toInt() + 1).arg(message));
  }
  lines.removeDuplicates();
  return lines;
}

/// Tints the lines that problems name.
void FormField::markLines(const QStringList& problems) {
  static const QRegularExpression number(
      QLatin1Char('^') + tr("Line %1").arg(QStringLiteral("(\\d+)")) + QStringLiteral("[:,]"));
  auto* plain = qobject_cast<QPlainTextEdit*>(m_editor);
  if (m_spec.kind != FieldSpec::Kind::Text || plain == nullptr)
    return;
  QList<QTextEdit::ExtraSelection> marks;
  for (const QString& problem : problems) {
    const auto match = number.match(problem);
    const QTextBlock block = plain->document()->findBlockByNumber(match.captured(1).toInt() - 1);
    if (!match.hasMatch() || !block.isValid())
      continue;
    QTextEdit::ExtraSelection mark;
    mark.cursor = QTextCursor(block);
    mark.format.setBackground(m_mark);
    mark.format.setProperty(QTextFormat::FullWidthSelection, true);
    marks.append(mark);
  }
  plain->setExtraSelections(marks);
}

void FormField::showProblems() {
  const QStringList lines = problemLines();
  markLines(lines);
  m_error->setText(lines.join(QLatin1Char('\n')));
  m_error->setVisible(!lines.isEmpty() && !m_spec.quiet);
  m_editor->setAccessibleDescription(lines.join(QLatin1Char(' ')));
  setStyled(*m_editor, "state", lines.isEmpty() ? QString() : QStringLiteral("problem"));
  if (auto* pattern = qobject_cast<PatternEdit*>(m_editor)) {
    const auto marked = std::find_if(m_problems.begin(), m_problems.end(),
                                     [](const auto& problem) { return problem.column_length > 0; });
    if (marked == m_problems.end())
      pattern->setErrorRange(0, 0);
    else
      pattern->setErrorRange(marked->column, marked->column_length);
  }
}

}  // namespace anchorlens::widgets
