// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/plain_number.h"

#include "widgets/number_format.h"

#include <array>
#include <charconv>
#include <cmath>

namespace anchorlens::widgets {

namespace {

QString superscript(int number) {
  static const QString kDigits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
  QString text;
  for (const QChar c : QString::number(number)) {
    text += c == QLatin1Char('-') ? QChar(0x207b) : kDigits[c.digitValue()];
  }
  return text;
}

/// `scientific` is the number without its sign as "d.ddde±dd".
QString laidOut(bool is_negative, const QString& scientific) {
  constexpr int kLeastFixed = -4;  ///< 0.0001
  constexpr int kMostFixed = 8;    ///< 100 000 000
  const qsizetype end = scientific.indexOf(QLatin1Char('e'));
  const int exponent = scientific.mid(end + 1).toInt();
  QString digits = scientific.left(end).remove(QLatin1Char('.'));
  while (digits.size() > 1 && digits.endsWith(QLatin1Char('0'))) {
    digits.chop(1);
  }
  const auto pointed = [](const QString& whole, const QString& rest) {
    return rest.isEmpty() ? whole : whole + QLatin1Char('.') + rest;
  };
  QString text;
  if (digits == QLatin1String("0")) {
    return digits;
  }
  if (exponent < kLeastFixed || exponent > kMostFixed) {
    const QString power = QStringLiteral("10") + superscript(exponent);
    text = digits == QLatin1String("1") ? power
                                        : pointed(digits[0], digits.mid(1)) + QChar(0xb7) + power;
  } else if (exponent < 0) {
    text = pointed(QStringLiteral("0"), QString(-exponent - 1, QLatin1Char('0')) + digits);
  } else {
    const QString padded = digits.leftJustified(exponent + 1, QLatin1Char('0'));
    text = pointed(formatInteger(padded.left(exponent + 1).toLongLong()), padded.mid(exponent + 1));
  }
  return is_negative ? kMinus + text : text;
}

/// Of what has no digits.
QString notFinite(double value) {
  return std::isnan(value) ? QString(QChar(0x2013))
                           : (value < 0 ? QString(kMinus) : QString()) + QChar(0x221e);
}
}  // namespace

QString formatShort(double value, int digits) {
  return std::isfinite(value)
             ? laidOut(value < 0, QString::number(std::abs(value), 'e', digits - 1))
             : notFinite(value);
}

QString formatFull(double value) {
  if (!std::isfinite(value)) {
    return notFinite(value);
  }
  std::array<char, 40> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                    std::chars_format::scientific);
  return laidOut(value < 0, QString::fromLatin1(buffer.data(), result.ptr - buffer.data()));
}

}  // namespace anchorlens::widgets
