// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/number_format.h"

#include <array>
#include <charconv>
#include <cmath>

namespace anchorlens::widgets {

namespace {
constexpr QChar kEnDash{0x2013};

QString fixed(double value, int decimals) {
  QString text = QString::number(std::abs(value), 'f', decimals);
  // No minus before a number that was rounded to zero.
  const bool is_zero = text.toDouble() == 0.0;
  return value < 0 && !is_zero ? kMinus + text : text;
}
}  // namespace

QString formatInteger(std::int64_t value) {
  QString digits =
      QString::number(value < 0 ? 0 - static_cast<quint64>(value) : static_cast<quint64>(value));
  for (qsizetype i = digits.size() - 3; i > 0; i -= 3) {
    digits.insert(i, kThinSpace);
  }
  return value < 0 ? kMinus + digits : digits;
}

QString formatScore(double value, bool with_sign) {
  if (std::isnan(value)) {
    return kEnDash;
  }
  const QString text = fixed(value, 2);
  return with_sign && !text.startsWith(kMinus) ? QStringLiteral("+") + text : text;
}

QString formatAccuracy(double share) {
  return std::isnan(share) ? QString(kEnDash) : fixed(share * 100, 1) + kThinSpace + '%';
}

QString formatLoss(double value) {
  return std::isnan(value) ? QString(kEnDash) : fixed(value, 3);
}

QString formatCell(double value) {
  const QString text = QString::number(value, 'f', 2);
  if (text == QLatin1String("1.00")) {
    return QStringLiteral("1");
  }
  if (text == QLatin1String("0.00")) {
    return QStringLiteral("0");
  }
  return text.startsWith(QLatin1String("0.")) ? text.mid(1) : text;
}

QString formatExact(double value) {
  std::array<char, 40> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return QString::fromLatin1(buffer.data(), result.ptr - buffer.data());
}

}  // namespace anchorlens::widgets
