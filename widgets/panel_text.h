// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/expected.h"
#include "engine/core/experiment.h"

#include <QString>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Values of an experiment as one line of text, and back: what the form's fields show. Parsing
/// looks at form only; whether a number is allowed is said by checkExperiment. Errors are one
/// sentence with an example of what would be right.
namespace anchorlens::widgets {

template <typename T>
using Parsed = core::Expected<T, QString>;

/// "18400"; thin and ordinary spaces between digits are taken.
Parsed<std::int64_t> parseInteger(const QString& text);
Parsed<int> parseInt(const QString& text);
Parsed<std::uint64_t> parseSeed(const QString& text);
Parsed<double> parseNumber(const QString& text);
QString formatNumber(double value);

/// "20-100, 110-120"; a lone "5" is 5-5; empty is none.
Parsed<core::Intervals> parseIntervals(const QString& text);
QString formatIntervals(const core::Intervals& intervals);

/// "x: 20-99; y: 30-40"
Parsed<std::map<std::string, core::Intervals>> parseKeyIntervals(const QString& text);
QString formatKeyIntervals(const std::map<std::string, core::Intervals>& keys);

/// "9, 12"
Parsed<std::vector<int>> parseIntegers(const QString& text);
QString formatIntegers(const std::vector<int>& values);

/// "A: 1, 2; B: 3"
Parsed<std::map<std::string, std::vector<int>>> parseAnchorSets(const QString& text);
QString formatAnchorSets(const std::map<std::string, std::vector<int>>& anchors);

/// "A B C; D E": groups of names.
Parsed<std::vector<std::vector<std::string>>> parseGroups(const QString& text);
QString formatGroups(const std::vector<std::vector<std::string>>& groups);

/// "A=3 B=4"
Parsed<std::map<std::string, int>> parseValues(const QString& text);
QString formatValues(const std::map<std::string, int>& values);

/// "embedding: 0.8; qk: 0.5"
Parsed<std::map<std::string, double>> parseExponents(const QString& text);
QString formatExponents(const std::map<std::string, double>& exponents);

/// "0.9, 0.999"
Parsed<std::array<double, 2>> parsePair(const QString& text);
QString formatPair(const std::array<double, 2>& pair);

/// One sequence a line: "55 70 58 3 51 76"; empty lines are skipped.
Parsed<std::vector<std::vector<int>>> parseSequences(const QString& text);
QString formatSequences(const std::vector<std::vector<int>>& sequences);

}  // namespace anchorlens::widgets
