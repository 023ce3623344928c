// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_form.h"
#include "widgets/panel_form_helpers.h"

#include <algorithm>
#include <variant>

namespace anchorlens::widgets::form {

namespace {

using core::ExperimentSpec;

/// The rules in the order of the variant: name in the file, text in the form.
const std::vector<std::pair<QString, QString>>& ruleKinds() {
  static const std::vector<std::pair<QString, QString>> kinds{
      {QStringLiteral("residue"), tr("Keys by residue")},
      {QStringLiteral("keys"), tr("Keys of an anchor")},
      {QStringLiteral("predicate"), tr("Keys by expression")},
      {QStringLiteral("anchors"), tr("Anchor combination")},
      {QStringLiteral("length"), tr("Sequence length")},
  };
  return kinds;
}

QString at(const QString& list, int row, const QString& member) {
  return QStringLiteral("/task/%1/%2/%3").arg(list).arg(row).arg(member);
}

template <typename Rule>
auto ruleAt(int row) {
  return [row](auto& e) -> auto& {
    return std::get<Rule>(e.task.held_out[std::size_t(row)]);
  };
}

FieldSpec ruleKindField(int row) {
  FieldSpec field;
  field.kind = FieldSpec::Kind::Choice;
  field.pointer = at(QStringLiteral("held_out"), row, QStringLiteral("rule"));
  field.label = tr("Rule");
  field.no_label = true;  // the list's title says it
  field.choices = ruleKinds();
  field.get = [row](const ExperimentSpec& e) {
    return ruleKinds()[e.task.held_out[std::size_t(row)].index()].first;
  };
  field.set = [row](const QString& text, ExperimentSpec& e) {
    auto& rule = e.task.held_out[std::size_t(row)];
    if (text == ruleKinds()[rule.index()].first)
      return QString();
    if (text == QLatin1String("residue"))
      rule = core::ResidueRule{"x"};
    else if (text == QLatin1String("keys"))
      rule = core::KeysRule{e.task.anchors.empty() ? 1 : e.task.anchors.front().token, {{20, 27}}};
    else if (text == QLatin1String("predicate"))
      rule = core::PredicateRule{"x mod 2"};
    else if (text == QLatin1String("anchors"))
      rule = core::AnchorsRule{};
    else
      rule = core::LengthRule{e.task.seq_len};
    return QString();
  };
  return field;
}

std::vector<FieldSpec> residueFields(int row) {
  const auto rule = ruleAt<core::ResidueRule>(row);
  const QString list = QStringLiteral("held_out");
  const auto beside = [](FieldSpec field) {
    field.beside = true;
    field.tight = true;
    return field;
  };
  FieldSpec key = stringField(
      at(list, row, QStringLiteral("key")),
      tr("Key"), [rule](auto& e) -> auto& { return rule(e).key; });
  key.tip = tr("A key variable, or answer: the key that the target selects");
  key.tight = true;  // the first of a row of three
  return {
      choiceField(
          at(list, row, QStringLiteral("of")), tr("Residue of"),
          {{QStringLiteral("key"), tr("Key − position")},
           {QStringLiteral("key_minus_position"), tr("Key from the anchor")}},
          [rule](auto& e) -> auto& { return rule(e).of; }),
      key,
      beside(numberField(
          at(list, row, QStringLiteral("modulus")),
          tr("mod"), [rule](auto& e) -> auto& { return rule(e).modulus; })),
      beside(numberField(
          at(list, row, QStringLiteral("remainder")),
          tr("is"), [rule](auto& e) -> auto& { return rule(e).remainder; })),
  };
}

std::vector<FieldSpec> ruleFields(int row, const QString& kind) {
  const QString list = QStringLiteral("held_out");
  if (kind == QLatin1String("residue"))
    return residueFields(row);
  if (kind == QLatin1String("keys")) {
    const auto rule = ruleAt<core::KeysRule>(row);
    return {numberField(
                at(list, row, QStringLiteral("anchor")),
                tr("Anchor"), [rule](auto& e) -> auto& { return rule(e).anchor; }),
            textField(
                at(list, row, QStringLiteral("intervals")),
                tr("Never trained"), [rule](auto& e) -> auto& { return rule(e).intervals; },
                parseIntervals, formatIntervals)};
  }
  if (kind == QLatin1String("predicate")) {
    const auto rule = ruleAt<core::PredicateRule>(row);
    return {with(stringField(
                     at(list, row, QStringLiteral("expression")),
                     tr("Zero when"), [rule](auto& e) -> auto& { return rule(e).expression; }),
                 &FieldSpec::tip, tr("Held out when this expression of the keys is zero"))};
  }
  if (kind == QLatin1String("anchors")) {
    const auto rule = ruleAt<core::AnchorsRule>(row);
    return {with(textField(
                     at(list, row, QStringLiteral("values")),
                     tr("Anchors"), [rule](auto& e) -> auto& { return rule(e).values; },
                     parseValues, formatValues),
                 &FieldSpec::placeholder, QStringLiteral("A=3 B=4"))};
  }
  const auto rule = ruleAt<core::LengthRule>(row);
  return {textField(
      at(list, row, QStringLiteral("lengths")),
      tr("Lengths"), [rule](auto& e) -> auto& { return rule(e).lengths; }, parseIntegers,
      formatIntegers)};
}

ListSpec heldOutList() {
  ListSpec list;
  list.pointer = QStringLiteral("/task/held_out");
  list.title = tr("Held out for test");
  list.row_name = tr("rule");
  list.empty_text = tr("Nothing is held out: there is no test accuracy.");
  list.rows = [](const ExperimentSpec& e) {
    QStringList kinds;
    for (const auto& rule : e.task.held_out)
      kinds.append(ruleKinds()[rule.index()].first);
    return kinds;
  };
  list.fields = [](int row, const QString& kind) {
    std::vector<FieldSpec> fields{ruleKindField(row)};
    for (FieldSpec& field : ruleFields(row, kind)) {
      field.undo_name = tr("%1 of held-out rule %2").arg(field.label.toLower()).arg(row + 1);
      fields.push_back(std::move(field));
    }
    return fields;
  };
  list.add = [](ExperimentSpec& e) { e.task.held_out.emplace_back(core::ResidueRule{"x"}); };
  list.remove = [](ExperimentSpec& e, int row) {
    e.task.held_out.erase(e.task.held_out.begin() + row);
  };
  return list;
}

ListSpec anchorList() {
  ListSpec list;
  list.pointer = QStringLiteral("/task/anchors");
  list.title = tr("Anchors");
  list.row_name = tr("anchor");
  list.empty_text = tr("None: tokens written in the pattern need no row.");
  list.captions = {tr("Token"), tr("Operation")};
  list.rows = [](const ExperimentSpec& e) {
    return QStringList(static_cast<qsizetype>(e.task.anchors.size()), QString());
  };
  list.fields = [](int row, const QString&) {
    const auto anchor = [row](auto& e) -> auto& {
      return e.task.anchors[std::size_t(row)];
    };
    FieldSpec token = numberField(
        at(QStringLiteral("anchors"), row, QStringLiteral("token")),
        tr("Token of anchor %1").arg(row + 1), [anchor](auto& e) -> auto& {
          return anchor(e).token;
        });
    FieldSpec operation = stringField(
        at(QStringLiteral("anchors"), row, QStringLiteral("operation")),
        tr("Operation of anchor %1").arg(row + 1), [anchor](auto& e) -> auto& {
          return anchor(e).operation;
        });
    operation.tip = tr("x+5, x mod 10, 80% x | 20% x+1, table 7, same as 3");
    return std::vector<FieldSpec>{token, operation};
  };
  list.add = [](ExperimentSpec& e) {
    int token = 1;
    for (const auto& anchor : e.task.anchors)
      token = std::max(token, anchor.token + 1);
    e.task.anchors.push_back({token, "x"});
  };
  list.remove = [](ExperimentSpec& e, int row) {
    e.task.anchors.erase(e.task.anchors.begin() + row);
  };
  return list;
}

ListSpec relabelList() {
  ListSpec list;
  list.pointer = QStringLiteral("/task/relabel");
  list.title = tr("Relabelled in training");
  list.row_name = tr("relabelling");
  list.captions = {tr("Anchors"), tr("Operation")};
  list.rows = [](const ExperimentSpec& e) {
    return QStringList(static_cast<qsizetype>(e.task.relabel.size()), QString());
  };
  list.fields = [](int row, const QString&) {
    const auto relabel = [row](auto& e) -> auto& {
      return e.task.relabel[std::size_t(row)];
    };
    FieldSpec values = textField(
        at(QStringLiteral("relabel"), row, QStringLiteral("values")),
        tr("Anchors of relabelling %1").arg(row + 1),
        [relabel](auto& e) -> auto& { return relabel(e).values; }, parseValues, formatValues);
    values.placeholder = QStringLiteral("A=3 B=4");
    FieldSpec operation = stringField(
        at(QStringLiteral("relabel"), row, QStringLiteral("operation")),
        tr("Operation of relabelling %1").arg(row + 1), [relabel](auto& e) -> auto& {
          return relabel(e).operation;
        });
    return std::vector<FieldSpec>{values, operation};
  };
  list.add = [](ExperimentSpec& e) { e.task.relabel.push_back({{}, "x"}); };
  list.remove = [](ExperimentSpec& e, int row) {
    e.task.relabel.erase(e.task.relabel.begin() + row);
  };
  return list;
}

std::vector<FieldSpec> formFields(int row) {
  const auto form = [row](auto& e) -> auto& {
    return e.task.forms[std::size_t(row)];
  };
  const QString list = QStringLiteral("forms");
  FieldSpec pattern = stringField(
      at(list, row, QStringLiteral("pattern")),
      tr("Pattern"), [form](auto& e) -> auto& { return form(e).pattern; });
  pattern.kind = FieldSpec::Kind::Pattern;
  pattern.no_label = true;
  pattern.tip = tr("x: key, A: anchor, 3: that token, *: noise, -> then the answer");
  FieldSpec anchors = textField(
      at(list, row, QStringLiteral("anchors")),
      tr("Anchors allowed"), [form](auto& e) -> auto& { return form(e).anchors; }, parseAnchorSets,
      formatAnchorSets);
  anchors.placeholder = tr("all, or A: 1, 2; B: 3");
  FieldSpec distinct = textField(
      at(list, row, QStringLiteral("distinct")),
      tr("All different"), [form](auto& e) -> auto& { return form(e).distinct; }, parseGroups,
      formatGroups);
  distinct.placeholder = tr("none, or A B C");
  FieldSpec weight = numberField(
      at(list, row, QStringLiteral("weight")),
      tr("Weight"), [form](auto& e) -> auto& { return form(e).weight; });
  weight.tip = tr("Share of the sequences that are drawn from this form");
  // What says nothing for this pattern would only push the samples out of sight.
  weight.applies = [form](const ExperimentSpec& e) {
    return e.task.forms.size() > 1 || form(e).weight != 1.0;
  };
  const auto has_variables = [form](const ExperimentSpec& e) {
    const auto& f = form(e);
    return !f.anchors.empty() || !f.distinct.empty() ||
           std::any_of(f.pattern.begin(), f.pattern.end(),
                       [](char c) { return c >= 'A' && c <= 'Z'; });
  };
  anchors.applies = has_variables;
  distinct.applies = has_variables;
  for (FieldSpec* field : {&weight, &anchors, &distinct})
    field->hides = true;
  std::vector<FieldSpec> fields{pattern, weight, anchors, distinct};
  for (FieldSpec& field : fields)
    field.undo_name = tr("%1 of form %2").arg(field.label.toLower()).arg(row + 1);
  return fields;
}

ListSpec formList() {
  ListSpec list;
  list.pointer = QStringLiteral("/task/forms");
  list.title = tr("Pattern");
  list.row_name = tr("form");
  list.rows = [](const ExperimentSpec& e) {
    return QStringList(static_cast<qsizetype>(e.task.forms.size()), QString());
  };
  list.fields = [](int row, const QString&) { return formFields(row); };
  list.add = [](ExperimentSpec& e) { e.task.forms.push_back({"* 3 x * -> x", 1.0, {}, {}}); };
  list.remove = [](ExperimentSpec& e, int row) { e.task.forms.erase(e.task.forms.begin() + row); };
  list.fewest = 1;
  return list;
}

}  // namespace

std::vector<FormItem> taskItems() {
  FieldSpec name = stringField(
      QStringLiteral("/name"), tr("Name"), [](auto& e) -> auto& { return e.name; });
  name.kind = FieldSpec::Kind::Line;
  FieldSpec keys = textField(
      QStringLiteral("/task/keys"), tr("Keys"), [](auto& e) -> auto& { return e.task.keys; },
      parseKeyIntervals, formatKeyIntervals);
  keys.placeholder = tr("as noise, or x: 20-99");
  return {
      FormSlot::Preset,
      formList(),
      anchorList(),
      heldOutList(),
      FormSlot::Samples,
      FormSlot::Counts,
      FormTitle{tr("Tokens")},
      with(textField(
               QStringLiteral("/task/seq_len"), tr("Length"),
               [](auto& e) -> auto& { return e.task.seq_len; }, parseIntegers, formatIntegers),
           &FieldSpec::tip,
           tr("Tokens of a sequence; several lengths are drawn with equal chance")),
      textField(
          QStringLiteral("/task/noise"), tr("Noise"), [](auto& e) -> auto& { return e.task.noise; },
          parseIntervals, formatIntervals),
      keys,
      relabelList(),
      FormTitle{tr("Experiment")},
      name,
  };
}

}  // namespace anchorlens::widgets::form
