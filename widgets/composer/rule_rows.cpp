// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/rule_rows.h"

#include "widgets/fonts.h"
#include "widgets/panel_form_helpers.h"

#include <QHBoxLayout>
#include <QLabel>

#include <cmath>
#include <variant>

namespace anchorlens::widgets {

namespace {

constexpr double kCaptionEms = 6.6;
constexpr int kRowHeight = 28;

QString tr(const char* text) {
  return QCoreApplication::translate("HeldOutCard", text);
}

QString pointerOf(const char* list, int row) {
  return QStringLiteral("/task/%1/%2").arg(QLatin1String(list)).arg(row);
}

template <typename Rule>
auto ruleAt(int row) {
  return [row](auto& e) -> auto& {
    return std::get<Rule>(e.task.held_out[static_cast<std::size_t>(row)]);
  };
}

void addWord(FieldRow* row, const QString& text, bool is_caption) {
  auto* label = new QLabel(text, row);
  label->setProperty("role", "second");
  const double scale = basePixelSize(*row) / 13.0;
  label->setFixedHeight(static_cast<int>(std::round(kRowHeight * scale)));
  if (is_caption)
    label->setFixedWidth(static_cast<int>(std::round(13 * kCaptionEms * scale)));
  row->line()->addWidget(label, 0, Qt::AlignTop);
}

FieldSpec named(FieldSpec field, const char* list, int row) {
  const QString of = QLatin1String(list) == QLatin1String("relabel") ? tr("relabelling %1")
                                                                     : tr("held-out rule %1");
  field.undo_name = tr("%1 of %2").arg(field.label.toLower(), of.arg(row + 1));
  field.spoken = tr("%1, %2").arg(field.label, of.arg(row + 1));
  return field;
}

FieldRow* finished(FieldRow* row, const QString& remove) {
  row->addRemoveButton(remove);
  return row;
}

}  // namespace

FieldRow* makePredicateRow(int row, QWidget* parent) {
  auto* result = new FieldRow(pointerOf("held_out", row), parent);
  const auto rule = ruleAt<core::PredicateRule>(row);
  FieldSpec field = form::stringField(
      result->pointer() + QStringLiteral("/expression"),
      tr("Expression"), [rule](auto& e) -> auto& { return rule(e).expression; });
  field.kind = FieldSpec::Kind::Operation;
  field.tip = tr("Held out when this expression of the keys is zero: x mod 2 for even keys");
  addWord(result, tr("Test when"), true);
  result->addField(named(field, "held_out", row), 1);
  addWord(result, tr("is 0"), false);
  return finished(result, tr("Remove expression rule"));
}

FieldRow* makeLengthRow(int row, QWidget* parent) {
  auto* result = new FieldRow(pointerOf("held_out", row), parent);
  const auto rule = ruleAt<core::LengthRule>(row);
  FieldSpec field = form::textField(
      result->pointer() + QStringLiteral("/lengths"),
      tr("Lengths"), [rule](auto& e) -> auto& { return rule(e).lengths; }, parseIntegers,
      formatIntegers);
  field.tip = tr("Sequences of these lengths are never trained");
  addWord(result, tr("Test lengths"), true);
  result->addField(named(field, "held_out", row), 1);
  return finished(result, tr("Remove length rule"));
}

FieldRow* makeAnchorsRow(int row, QWidget* parent) {
  auto* result = new FieldRow(pointerOf("held_out", row), parent);
  const auto rule = ruleAt<core::AnchorsRule>(row);
  FieldSpec field = form::textField(
      result->pointer() + QStringLiteral("/values"),
      tr("Anchors"), [rule](auto& e) -> auto& { return rule(e).values; }, parseValues,
      formatValues);
  field.placeholder = QStringLiteral("A=3 B=4");
  field.tip = tr("Sequences with these anchors are never trained");
  addWord(result, tr("Test anchors"), true);
  result->addField(named(field, "held_out", row), 1);
  return finished(result, tr("Remove anchor rule"));
}

FieldRow* makeRelabelRow(int row, QWidget* parent) {
  auto* result = new FieldRow(pointerOf("relabel", row), parent);
  const auto relabel = [row](auto& e) -> auto& {
    return e.task.relabel[static_cast<std::size_t>(row)];
  };
  FieldSpec values = form::textField(
      result->pointer() + QStringLiteral("/values"),
      tr("Relabelled anchors"), [relabel](auto& e) -> auto& { return relabel(e).values; },
      parseValues, formatValues);
  values.placeholder = QStringLiteral("A=3 B=4");
  FieldSpec operation = form::stringField(
      result->pointer() + QStringLiteral("/operation"),
      tr("Operation in training"), [relabel](auto& e) -> auto& { return relabel(e).operation; });
  operation.kind = FieldSpec::Kind::Operation;
  addWord(result, tr("Relabelled"), true);
  result->addField(named(values, "relabel", row), 1);
  addWord(result, tr("to"), false);
  result->addField(named(operation, "relabel", row), 1);
  return finished(result, tr("Remove relabelling"));
}

}  // namespace anchorlens::widgets
