// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/variables_row.h"

#include "widgets/composer/token_chip.h"
#include "widgets/panel_text.h"

#include <QCoreApplication>
#include <QHBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

constexpr int kMostTokens = 1000;  // of a list in the file

QString tr(const char* text) {
  return QCoreApplication::translate("AnchorsCard", text);
}

Parsed<std::vector<int>> parseTokens(const QString& text) {
  const auto intervals = parseIntervals(text);
  if (!intervals)
    return core::Unexpected(intervals.error());
  std::vector<int> tokens;
  for (const auto& [first, last] : *intervals) {
    if (last < first)
      return core::Unexpected(tr("%1-%2 runs backwards; write %2-%1.").arg(first).arg(last));
    const auto n = static_cast<std::int64_t>(last) - first + 1;
    if (static_cast<std::int64_t>(tokens.size()) + n > kMostTokens)
      return core::Unexpected(tr("More than %1 tokens.").arg(kMostTokens));
    for (std::int64_t token = first; token <= last; ++token)
      tokens.push_back(static_cast<int>(token));
  }
  return tokens;
}

/// "all different", or of one of several forms "all different, form 2".
QString spoken(const QString& label, int form, bool is_one_of_several) {
  return is_one_of_several ? tr("%1, form %2").arg(label).arg(form + 1) : label;
}

FieldSpec allowedField(int form, const std::string& variable) {
  const QString name = QString::fromStdString(variable);
  FieldSpec field;
  field.pointer = QStringLiteral("/task/forms/%1/anchors/%2").arg(form).arg(name);
  field.label = tr("Anchors that %1 may be").arg(name);
  field.undo_name = tr("anchors of %1").arg(name);
  field.placeholder = tr("every anchor");
  field.tip = tr("Tokens such as 1, 2 or 1-10; empty: every row above");
  const auto index = static_cast<std::size_t>(form);
  field.get = [index, variable](const core::ExperimentSpec& e) {
    const auto& anchors = e.task.forms[index].anchors;
    const auto own = anchors.find(variable);
    return own == anchors.end() ? QString() : formatTokens(own->second);
  };
  field.set = [index, variable](const QString& text, core::ExperimentSpec& e) {
    const auto tokens = parseTokens(text);
    if (!tokens)
      return tokens.error();
    if (tokens->empty())
      e.task.forms[index].anchors.erase(variable);
    else
      e.task.forms[index].anchors[variable] = *tokens;
    return QString();
  };
  return field;
}

FieldSpec distinctField(int form, const std::vector<std::string>& variables, bool is_simple) {
  FieldSpec field;
  field.pointer = QStringLiteral("/task/forms/%1/distinct").arg(form);
  field.label = tr("all different");
  field.undo_name = tr("which anchors differ");
  field.tip = tr("No two of these variables take the same anchor");
  field.placeholder = tr("groups: A B; C D");
  const auto index = static_cast<std::size_t>(form);
  if (!is_simple) {
    field.get = [index](const core::ExperimentSpec& e) {
      return formatGroups(e.task.forms[index].distinct);
    };
    field.set = [index](const QString& text, core::ExperimentSpec& e) {
      auto groups = parseGroups(text);
      if (!groups)
        return groups.error();
      e.task.forms[index].distinct = *groups;
      return QString();
    };
    return field;
  }
  field.kind = FieldSpec::Kind::Switch;
  field.get = [index](const core::ExperimentSpec& e) {
    return QString::fromLatin1(e.task.forms[index].distinct.empty() ? "false" : "true");
  };
  field.set = [index, variables](const QString& text, core::ExperimentSpec& e) {
    e.task.forms[index].distinct.clear();
    if (text == QLatin1String("true"))
      e.task.forms[index].distinct.push_back(variables);
    return QString();
  };
  return field;
}

void addChip(FieldRow* row, const std::string& name, TokenRole role, const Theme& theme) {
  auto* chip = new TokenChip(QString::fromStdString(name), role, row);
  chip->setTheme(theme);
  row->line()->addWidget(chip);
}

}  // namespace

QString formatTokens(const std::vector<int>& tokens) {
  QStringList parts;
  for (std::size_t i = 0; i < tokens.size();) {
    std::size_t end = i + 1;
    while (end < tokens.size() && tokens[end] == tokens[end - 1] + 1)
      ++end;
    if (end - i >= 3) {
      parts.append(QStringLiteral("%1-%2").arg(tokens[i]).arg(tokens[end - 1]));
      i = end;
    } else {
      parts.append(QString::number(tokens[i]));
      ++i;
    }
  }
  return parts.join(QStringLiteral(", "));
}

bool hasSimpleGroups(const core::FormSpec& form, const std::vector<std::string>& variables) {
  if (form.distinct.empty())
    return true;
  std::vector<std::string> group = form.distinct.front();
  std::vector<std::string> all = variables;
  std::sort(group.begin(), group.end());
  std::sort(all.begin(), all.end());
  return form.distinct.size() == 1 && group == all;
}

FieldRow* makeVariablesRow(int form, const std::vector<std::string>& variables,
                           bool has_simple_groups, bool is_one_of_several, const Theme& theme,
                           QWidget* parent) {
  auto* row = new FieldRow(QStringLiteral("/task/forms/%1").arg(form), parent);
  const auto add = [&](FieldSpec field, int stretch) {
    field.spoken = spoken(field.label, form, is_one_of_several);
    row->addField(std::move(field), stretch);
  };
  for (const std::string& variable : variables) {
    addChip(row, variable, TokenRole::Anchor, theme);
    add(allowedField(form, variable), 1);
  }
  if (variables.size() > 1 || !has_simple_groups)
    add(distinctField(form, variables, has_simple_groups), has_simple_groups ? 0 : 1);
  row->setTheme(theme);
  return row;
}

FieldRow* makeKeyRow(const std::string& key, const Theme& theme, QWidget* parent) {
  const QString name = QString::fromStdString(key);
  FieldSpec field;
  field.pointer = QStringLiteral("/task/keys/%1").arg(name);
  field.label = tr("Keys of %1").arg(name);
  field.undo_name = tr("keys of %1").arg(name);
  field.placeholder = tr("as noise");
  field.tip = tr("What the key is drawn from, such as 20-60, 70-100; empty: as noise");
  field.get = [key](const core::ExperimentSpec& e) {
    const auto own = e.task.keys.find(key);
    return own == e.task.keys.end() ? QString() : formatIntervals(own->second);
  };
  field.set = [key](const QString& text, core::ExperimentSpec& e) {
    const auto intervals = parseIntervals(text);
    if (!intervals)
      return intervals.error();
    if (intervals->empty())
      e.task.keys.erase(key);
    else
      e.task.keys[key] = *intervals;
    return QString();
  };
  auto* row = new FieldRow(field.pointer, parent);
  addChip(row, key, TokenRole::Key, theme);
  row->addField(field, 1);
  row->setTheme(theme);
  return row;
}

}  // namespace anchorlens::widgets
