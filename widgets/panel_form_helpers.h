// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/panel_field.h"
#include "widgets/panel_text.h"

#include <QCoreApplication>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>

/// Builders of FieldSpec: one line of the tables a field. `at` is a generic lambda from an
/// experiment to the member, const or not: `[](auto& e) -> auto& { return e.model.d_model; }`.
namespace anchorlens::widgets::form {

inline QString tr(const char* text) {
  return QCoreApplication::translate("ExperimentForm", text);
}

/// A field over any member with a parser and a formatter.
template <typename At, typename Parse, typename Format>
FieldSpec textField(const QString& pointer, const QString& label, At at, Parse parse,
                    Format format) {
  FieldSpec field;
  field.pointer = pointer;
  field.label = label;
  field.get = [at, format](const core::ExperimentSpec& e) { return QString(format(at(e))); };
  field.set = [at, parse](const QString& text, core::ExperimentSpec& e) {
    auto value = parse(text);
    if (!value)
      return value.error();
    at(e) = std::move(*value);
    return QString();
  };
  return field;
}

template <typename At>
FieldSpec numberField(const QString& pointer, const QString& label, At at) {
  using Value = std::remove_cvref_t<decltype(at(std::declval<core::ExperimentSpec&>()))>;
  if constexpr (std::is_same_v<Value, double>) {
    return textField(pointer, label, at, parseNumber, formatNumber);
  } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
    return textField(pointer, label, at, parseSeed, [](Value v) { return QString::number(v); });
  } else if constexpr (std::is_same_v<Value, std::int64_t>) {
    return textField(pointer, label, at, parseInteger, [](Value v) { return QString::number(v); });
  } else {
    static_assert(std::is_same_v<Value, int>);
    return textField(pointer, label, at, parseInt, [](Value v) { return QString::number(v); });
  }
}

/// An empty field is no value; `placeholder` says what that means.
template <typename At>
FieldSpec optionalField(const QString& pointer, const QString& label, const QString& placeholder,
                        At at) {
  using Optional = std::remove_cvref_t<decltype(at(std::declval<core::ExperimentSpec&>()))>;
  using Value = typename Optional::value_type;
  const auto parse = [](const QString& text) -> Parsed<Optional> {
    if (text.trimmed().isEmpty())
      return Optional{};
    if constexpr (std::is_same_v<Value, double>) {
      auto value = parseNumber(text);
      if (!value)
        return core::Unexpected(value.error());
      return Optional{*value};
    } else {
      auto value = parseInteger(text);
      if (!value)
        return core::Unexpected(value.error());
      return Optional{*value};
    }
  };
  const auto format = [](const Optional& value) {
    if (!value)
      return QString();
    if constexpr (std::is_same_v<Value, double>)
      return formatNumber(*value);
    else
      return QString::number(*value);
  };
  FieldSpec field = textField(pointer, label, at, parse, format);
  field.placeholder = placeholder;
  return field;
}

template <typename At>
FieldSpec switchField(const QString& pointer, const QString& label, At at) {
  FieldSpec field = textField(
      pointer, label, at,
      [](const QString& text) -> Parsed<bool> { return text == QLatin1String("true"); },
      [](bool value) { return QString::fromLatin1(value ? "true" : "false"); });
  field.kind = FieldSpec::Kind::Switch;
  return field;
}

template <typename At>
FieldSpec stringField(const QString& pointer, const QString& label, At at) {
  return textField(
      pointer, label, at,
      [](const QString& text) -> Parsed<std::string> { return text.toStdString(); },
      [](const std::string& value) { return QString::fromStdString(value); });
}

/// `values` in the order of the enumeration: name in the file, text in the form.
template <typename At>
FieldSpec choiceField(const QString& pointer, const QString& label,
                      const std::vector<std::pair<QString, QString>>& values, At at) {
  using Enum = std::remove_cvref_t<decltype(at(std::declval<core::ExperimentSpec&>()))>;
  FieldSpec field = textField(
      pointer, label, at,
      [values](const QString& text) -> Parsed<Enum> {
        for (std::size_t i = 0; i < values.size(); ++i) {
          if (values[i].first == text)
            return static_cast<Enum>(i);
        }
        return core::Unexpected(text);
      },
      [values](Enum value) { return values[static_cast<std::size_t>(value)].first; });
  field.kind = FieldSpec::Kind::Choice;
  field.choices = values;
  return field;
}

/// Adds what some fields have: `with(field, &FieldSpec::tip, "...")`.
template <typename Member, typename Value>
FieldSpec with(FieldSpec field, Member FieldSpec::*member, Value value) {
  field.*member = value;
  return field;
}

}  // namespace anchorlens::widgets::form
