// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include <limits>
#include <utility>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("PanelText", text);
}

core::Unexpected<QString> wrong(const QString& message) {
  return core::Unexpected(message);
}

QString withoutDigitSpaces(const QString& text) {
  static const QRegularExpression spaces(QStringLiteral("[\\s\\x{2009}\\x{202F}]"));
  QString plain = text;
  plain.remove(spaces);
  plain.replace(QChar(0x2212), QLatin1Char('-'));
  return plain;
}

/// Parts between `separator`, trimmed, empty ones dropped.
QStringList parts(const QString& text, const QString& separator) {
  static const QRegularExpression inner_space(QStringLiteral("\\s+"));
  QStringList result;
  for (const QString& part : text.split(QRegularExpression(separator), Qt::SkipEmptyParts)) {
    const QString trimmed = QString(part).replace(inner_space, QStringLiteral(" ")).trimmed();
    if (!trimmed.isEmpty())
      result.append(trimmed);
  }
  return result;
}

/// "name: rest" in two.
std::optional<std::pair<QString, QString>> split(const QString& text, QChar at) {
  const auto position = text.indexOf(at);
  if (position <= 0)
    return std::nullopt;
  return std::pair{text.left(position).trimmed(), text.mid(position + 1).trimmed()};
}

/// "a: X; b: Y" with a parser for the X.
template <typename Value, typename Parse>
Parsed<std::map<std::string, Value>> parseNamed(const QString& text, const QString& example,
                                                Parse parse) {
  std::map<std::string, Value> result;
  for (const QString& part : parts(text, QStringLiteral("[;\n]"))) {
    const auto named = split(part, QLatin1Char(':'));
    if (!named)
      return wrong(tr("“%1” has no name before a colon; for example %2.").arg(part, example));
    auto value = parse(named->second);
    if (!value)
      return wrong(value.error());
    result[named->first.toStdString()] = std::move(*value);
  }
  return result;
}

template <typename Map, typename Format>
QString formatNamed(const Map& map, Format format) {
  QStringList result;
  for (const auto& [name, value] : map)
    result.append(QString::fromStdString(name) + QStringLiteral(": ") + format(value));
  return result.join(QStringLiteral("; "));
}

}  // namespace

Parsed<std::int64_t> parseInteger(const QString& text) {
  bool is_number = false;
  const qlonglong value = withoutDigitSpaces(text).toLongLong(&is_number);
  if (!is_number)
    return wrong(tr("“%1” is not a whole number.").arg(text.trimmed()));
  return static_cast<std::int64_t>(value);
}

Parsed<int> parseInt(const QString& text) {
  auto value = parseInteger(text);
  if (!value)
    return wrong(value.error());
  if (*value < std::numeric_limits<int>::min() || *value > std::numeric_limits<int>::max())
    return wrong(tr("%1 is too large.").arg(*value));
  return static_cast<int>(*value);
}

Parsed<std::uint64_t> parseSeed(const QString& text) {
  bool is_number = false;
  const qulonglong value = withoutDigitSpaces(text).toULongLong(&is_number);
  if (!is_number)
    return wrong(tr("“%1” is not a seed: a whole number from 0 up.").arg(text.trimmed()));
  return static_cast<std::uint64_t>(value);
}

Parsed<double> parseNumber(const QString& text) {
  bool is_number = false;
  const double value = withoutDigitSpaces(text).toDouble(&is_number);
  if (!is_number)
    return wrong(tr("“%1” is not a number; for example 0.0003 or 3e-4.").arg(text.trimmed()));
  return value;
}

QString formatNumber(double value) {
  return QString::number(value, 'g', QLocale::FloatingPointShortest);
}

Parsed<core::Intervals> parseIntervals(const QString& text) {
  static const QRegularExpression form(
      QStringLiteral("^(-?\\d+)(?:\\s*(?:-|–|\\.\\.)\\s*(-?\\d+))?$"));
  core::Intervals result;
  for (const QString& part : parts(text, QStringLiteral(","))) {
    const auto match = form.match(part);
    if (!match.hasMatch())
      return wrong(tr("“%1” is not a range of tokens; for example 20-100.").arg(part));
    const auto first = parseInt(match.captured(1));
    const auto last = match.captured(2).isEmpty() ? first : parseInt(match.captured(2));
    if (!first || !last)
      return wrong(!first ? first.error() : last.error());
    result.push_back({*first, *last});
  }
  return result;
}

QString formatIntervals(const core::Intervals& intervals) {
  QStringList result;
  for (const auto& [first, last] : intervals) {
    result.append(first == last ? QString::number(first)
                                : QStringLiteral("%1-%2").arg(first).arg(last));
  }
  return result.join(QStringLiteral(", "));
}

Parsed<std::map<std::string, core::Intervals>> parseKeyIntervals(const QString& text) {
  return parseNamed<core::Intervals>(text, QStringLiteral("x: 20-99"), parseIntervals);
}

QString formatKeyIntervals(const std::map<std::string, core::Intervals>& keys) {
  return formatNamed(keys, formatIntervals);
}

Parsed<std::vector<int>> parseIntegers(const QString& text) {
  std::vector<int> result;
  for (const QString& part : parts(text, QStringLiteral("[,\\s]"))) {
    const auto value = parseInt(part);
    if (!value)
      return wrong(value.error());
    result.push_back(*value);
  }
  return result;
}

QString formatIntegers(const std::vector<int>& values) {
  QStringList result;
  for (const int value : values)
    result.append(QString::number(value));
  return result.join(QStringLiteral(", "));
}

Parsed<std::map<std::string, std::vector<int>>> parseAnchorSets(const QString& text) {
  return parseNamed<std::vector<int>>(text, QStringLiteral("A: 1, 2"), parseIntegers);
}

QString formatAnchorSets(const std::map<std::string, std::vector<int>>& anchors) {
  return formatNamed(anchors, formatIntegers);
}

Parsed<std::vector<std::vector<std::string>>> parseGroups(const QString& text) {
  std::vector<std::vector<std::string>> result;
  for (const QString& part : parts(text, QStringLiteral(";"))) {
    std::vector<std::string> group;
    for (const QString& name : parts(part, QStringLiteral("[,\\s]")))
      group.push_back(name.toStdString());
    result.push_back(std::move(group));
  }
  return result;
}

QString formatGroups(const std::vector<std::vector<std::string>>& groups) {
  QStringList result;
  for (const auto& group : groups) {
    QStringList names;
    for (const auto& name : group)
      names.append(QString::fromStdString(name));
    result.append(names.join(QLatin1Char(' ')));
  }
  return result.join(QStringLiteral("; "));
}

Parsed<std::map<std::string, int>> parseValues(const QString& text) {
  std::map<std::string, int> result;
  static const QRegularExpression around_equals(QStringLiteral("\\s*=\\s*"));
  const QString tight = QString(text).replace(around_equals, QStringLiteral("="));
  for (const QString& part : parts(tight, QStringLiteral("[,\\s]"))) {
    const auto named = split(part, QLatin1Char('='));
    if (!named)
      return wrong(tr("“%1” is not a value of an anchor; for example A=3 B=4.").arg(part));
    const auto value = parseInt(named->second);
    if (!value)
      return wrong(value.error());
    result[named->first.toStdString()] = *value;
  }
  return result;
}

QString formatValues(const std::map<std::string, int>& values) {
  QStringList result;
  for (const auto& [name, value] : values)
    result.append(QStringLiteral("%1=%2").arg(QString::fromStdString(name)).arg(value));
  return result.join(QLatin1Char(' '));
}

Parsed<std::map<std::string, double>> parseExponents(const QString& text) {
  return parseNamed<double>(text, QStringLiteral("qk: 0.8"), parseNumber);
}

QString formatExponents(const std::map<std::string, double>& exponents) {
  return formatNamed(exponents, formatNumber);
}

Parsed<std::array<double, 2>> parsePair(const QString& text) {
  const QStringList both = parts(text, QStringLiteral("[,;\\s]"));
  if (both.size() != 2)
    return wrong(tr("Two numbers are needed; for example 0.9, 0.999."));
  const auto first = parseNumber(both[0]);
  const auto second = parseNumber(both[1]);
  if (!first || !second)
    return wrong(!first ? first.error() : second.error());
  return std::array<double, 2>{*first, *second};
}

QString formatPair(const std::array<double, 2>& pair) {
  return formatNumber(pair[0]) + QStringLiteral(", ") + formatNumber(pair[1]);
}

Parsed<std::vector<std::vector<int>>> parseSequences(const QString& text) {
  std::vector<std::vector<int>> result;
  QStringList problems;
  const QStringList lines = text.split(QLatin1Char('\n'));
  for (qsizetype i = 0; i < lines.size(); ++i) {
    if (lines[i].trimmed().isEmpty())
      continue;
    auto sequence = parseIntegers(lines[i]);
    if (sequence)
      result.push_back(std::move(*sequence));
    else
      problems.append(tr("Line %1: %2").arg(i + 1).arg(sequence.error()));
  }
  if (!problems.isEmpty())
    return wrong(problems.join(QLatin1Char('\n')));
  return result;
}

QString formatSequences(const std::vector<std::vector<int>>& sequences) {
  QStringList lines;
  for (const auto& sequence : sequences)
    lines.append(formatIntegers(sequence).remove(QLatin1Char(',')));
  return lines.join(QLatin1Char('\n'));
}

}  // namespace anchorlens::widgets
