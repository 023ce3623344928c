// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/anchor_row.h"

#include "engine/core/experiment/edit_held_out.h"
#include "engine/core/experiment/task_shape.h"
#include "engine/core/language/language.h"
#include "engine/core/task/table_answer.h"
#include "widgets/composer/key_section.h"
#include "widgets/composer/pair_matrix.h"
#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/panel_form_helpers.h"
#include "widgets/plain_number.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace anchorlens::widgets {

namespace {

/// Answers of a table that are shown.
constexpr int kPreview = 6;
/// A token beyond the language's limit would make a set that no memory holds.
constexpr int kLargestToken = 65535;

QString pointerOf(int row, const char* member) {
  return QStringLiteral("/task/anchors/%1/%2").arg(row).arg(QLatin1String(member));
}

std::optional<core::Operation> operationOf(const core::TaskSpec& task, std::size_t row) {
  auto operation = core::parseOperation(task.anchors[row].operation);
  return operation ? std::optional(std::move(*operation)) : std::nullopt;
}

/// The row of the anchor that a chain of synonyms ends at.
std::optional<std::size_t> followedRow(const core::TaskSpec& task, std::size_t row) {
  for (std::size_t steps = 0; steps <= task.anchors.size(); ++steps) {
    const auto operation = operationOf(task, row);
    if (!operation || operation->kind != core::Operation::Kind::Synonym)
      return row;
    const auto next = std::find_if(
        task.anchors.begin(), task.anchors.end(),
        [&](const core::AnchorSpec& anchor) { return anchor.token == operation->synonym_of; });
    if (next == task.anchors.end())
      return std::nullopt;
    row = static_cast<std::size_t>(next - task.anchors.begin());
  }
  return std::nullopt;
}

QString tablePreview(const core::TaskSpec& task, std::uint64_t seed, int token) {
  const auto in_range = [](const core::Interval& interval) {
    return interval.first >= 0 && interval.last <= kLargestToken && interval.first <= interval.last;
  };
  const auto keys = core::keyVariables(task);
  const core::Intervals& range = core::keyIntervals(task, keys.empty() ? "x" : keys.front());
  if (task.noise.empty() || range.empty() ||
      !std::all_of(task.noise.begin(), task.noise.end(), in_range) || !in_range(range.front()))
    return AnchorRow::tr("Seed %1").arg(seed);
  const core::TokenSet noise = core::TokenSet::of(task.noise);
  QStringList answers;
  for (std::int64_t key = range.front().first;
       key <= range.front().last && answers.size() < kPreview; ++key) {
    answers.append(
        QStringLiteral("%1→%2").arg(key).arg(core::tableAnswer(seed, token, {&key, 1}, noise)));
  }
  return AnchorRow::tr("Seed %1: %2 …, drawn once from %3")
      .arg(seed)
      .arg(answers.join(QStringLiteral("  ")), formatIntervals(task.noise));
}

}  // namespace

AnchorRow::AnchorRow(int row, QWidget* parent)
    : FieldRow(QStringLiteral("/task/anchors/%1").arg(row), parent), m_row(row) {
  const auto index = static_cast<std::size_t>(row);
  addToken();
  FieldSpec operation = form::stringField(
      pointerOf(row, "operation"),
      tr("Operation"), [index](auto& e) -> auto& { return e.task.anchors[index].operation; });
  operation.kind = FieldSpec::Kind::Operation;
  operation.tip = tr("x+5, x*3, x mod 10, 80% x | 20% x+1, table 7, same as 3 (Ctrl+Space: all)");
  operation.complete = [this](const std::string& text, int column) {
    return core::operationCompletionsAt(text, column, otherTokens());
  };
  addField(operation, 1);
  addField(neverTrainedField([index](const auto& e) { return e.task.anchors[index].token; }, 0,
                             pointerOf(row, "never_trained")));
  addSynonym();
  const auto setWidth = [this](Column column, double ems) {
    cell(column)->setFixedWidth(static_cast<int>(std::round(basePixelSize(*this) * ems)));
  };
  setWidth(Token, AnchorColumns::kToken);
  setWidth(Never, AnchorColumns::kNever);
  setWidth(Synonym, AnchorColumns::kSynonym);
  addRemoveButton(tr("Remove anchor"))
      ->setFixedWidth(static_cast<int>(std::round(basePixelSize(*this) * AnchorColumns::kRemove)));
  m_detail = new QLabel(this);
  m_detail->setProperty("role", "caption");
  m_detail->setWordWrap(true);
  m_detail->setTextFormat(Qt::PlainText);
  m_detail->setContentsMargins(
      static_cast<int>(std::round(basePixelSize(*this) * AnchorColumns::kToken)) + 8, 0, 0, 4);
  below()->addWidget(m_detail);
}

void AnchorRow::addToken() {
  FieldSpec field;
  field.pointer = pointerOf(m_row, "token");
  field.label = tr("Token");
  field.tip = tr("What stands in sequences; rules that name it follow");
  const auto index = static_cast<std::size_t>(m_row);
  field.get = [index](const core::ExperimentSpec& e) {
    return QString::number(e.task.anchors[index].token);
  };
  field.set = [this, index](const QString& text, core::ExperimentSpec& e) {
    const auto value = parseInt(text);
    if (!value)
      return value.error();
    if (m_typed != e.task)
      m_before_typing = e.task;
    e.task = m_before_typing;
    core::renameAnchor(e.task, index, *value);
    m_typed = e.task;
    return QString();
  };
  addField(field)->editor()->installEventFilter(this);
}

void AnchorRow::addSynonym() {
  FieldSpec field;
  field.kind = FieldSpec::Kind::Choice;
  field.pointer = pointerOf(m_row, "synonym");
  field.label = tr("Synonym of");
  field.tip = tr("Does what another anchor does");
  const auto index = static_cast<std::size_t>(m_row);
  field.get = [index](const core::ExperimentSpec& e) {
    const auto operation = operationOf(e.task, index);
    const bool is_synonym = operation && operation->kind == core::Operation::Kind::Synonym;
    return is_synonym ? QString::number(operation->synonym_of) : QString();
  };
  field.set = [index](const QString& text, core::ExperimentSpec& e) {
    core::AnchorSpec& anchor = e.task.anchors[index];
    if (!text.isEmpty()) {
      anchor.operation = "same as " + text.toStdString();
      return QString();
    }
    const auto followed = followedRow(e.task, index);
    anchor.operation = followed && *followed != index ? e.task.anchors[*followed].operation : "x";
    return QString();
  };
  field.choices = {{QString(), QStringLiteral("–")}};
  addField(field);
}

std::vector<int> AnchorRow::otherTokens() const {
  std::vector<int> tokens;
  for (const core::AnchorSpec& anchor : experiment().task.anchors) {
    if (anchor.token != token())
      tokens.push_back(anchor.token);
  }
  return tokens;
}

int AnchorRow::token() const {
  return experiment().task.anchors[static_cast<std::size_t>(m_row)].token;
}

void AnchorRow::load(const core::ExperimentSpec& experiment, bool read_only) {
  FieldRow::load(experiment, read_only);
  fillSynonyms();
  for (const FormField* field : fields()) {
    const QString column =
        field == fields()[Never] ? tr("Never trained with keys") : field->spec().label;
    field->editor()->setAccessibleName(tr("%1, anchor %2").arg(column).arg(token()));
  }
  m_detail->setText(detailOf(experiment));
  m_detail->setVisible(!m_detail->text().isEmpty());
}

/// The other anchors, and what the operation names even when it has no row.
void AnchorRow::fillSynonyms() {
  QStringList choices{QString()};
  const auto& anchors = experiment().task.anchors;
  for (std::size_t i = 0; i < anchors.size(); ++i) {
    if (i != static_cast<std::size_t>(m_row))
      choices.append(QString::number(anchors[i].token));
  }
  const QString chosen = fields()[Synonym]->spec().get(experiment());
  choices.append(chosen);
  choices.removeDuplicates();
  auto* combo = qobject_cast<QComboBox*>(cell(Synonym));
  const QSignalBlocker blocker(combo);
  if (choices != m_synonyms) {
    m_synonyms = choices;
    combo->clear();
    for (const QString& choice : choices)
      combo->addItem(choice.isEmpty() ? QStringLiteral("–") : choice, choice);
  }
  combo->setCurrentIndex(combo->findData(chosen));
}

QString AnchorRow::detail() const {
  return m_detail->text();
}

QString AnchorRow::detailOf(const core::ExperimentSpec& experiment) const {
  using Kind = core::Operation::Kind;
  const auto& task = experiment.task;
  const auto index = static_cast<std::size_t>(m_row);
  const auto operation = operationOf(task, index);
  if (!operation || operation->kind == Kind::Expression)
    return {};
  if (operation->kind == Kind::Table)
    return tablePreview(task, operation->table_seed, task.anchors[index].token);
  if (operation->kind == Kind::Synonym) {
    const auto followed = followedRow(task, index);
    return followed ? tr("Does %1").arg(QString::fromStdString(task.anchors[*followed].operation))
                    : QString();
  }
  QStringList branches;
  for (const auto& branch : operation->branches) {
    branches.append(
        formatShort(branch.percent, 8) + kThinSpace + QStringLiteral("% ") +
        shownOperation(QString::fromStdString(core::printExpression(branch.expression))));
  }
  return tr("%1: together 100 %, drawn anew at every visit").arg(branches.join(", "));
}

QString AnchorRow::undoName(const FormField& field) const {
  // Of the token that the row had before this edit: experiment() is that before it.
  const QString column = &field == fields()[Never]       ? tr("keys never trained with")
                         : &field == fields()[Operation] ? tr("operation of")
                         : &field == fields()[Token]     ? tr("token of")
                                                         : tr("synonym of");
  return tr("%1 anchor %2").arg(column).arg(token());
}

bool AnchorRow::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::FocusIn && object == cell(Token))
    m_typed.reset();
  return FieldRow::eventFilter(object, event);
}

}  // namespace anchorlens::widgets
