// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/study_pick.h"

#include "widgets/number_format.h"
#include "widgets/study_text.h"

#include <QCoreApplication>
#include <QStringList>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("Study", text);
}

/// Of the sample nearest to `step` that is a number; none: there is no such sample.
std::optional<std::size_t> nearestSample(const std::vector<std::int64_t>& steps,
                                         const std::vector<double>& values, double step) {
  std::optional<std::size_t> nearest;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double away = std::abs(static_cast<double>(steps[i]) - step);
    if (std::isfinite(values[i]) && away < distance) {
      nearest = i;
      distance = away;
    }
  }
  return nearest;
}

QString sampleText(const QString& name, std::int64_t step, const QString& value) {
  return tr("%1, step %2: %3").arg(name, formatInteger(step), value);
}

QString medianText(const core::NumberBand& band, std::size_t i, core::StudyNumber::Kind kind) {
  const auto value = [kind](double number) { return numberTextWithUnit(kind, number); };
  return sampleText(
      tr("Median of %1").arg(band.count[i]), band.steps[i],
      tr("%1 (%2 to %3)").arg(value(band.median[i]), value(band.low[i]), value(band.high[i])));
}

}  // namespace

QString lineText(const QString& name, const QString& number, const StudyLine& line,
                 const core::NumberSeries* run, const core::NumberBand& band) {
  QStringList lines{name};
  double step = line.step;
  const auto sample = run != nullptr ? nearestSample(run->steps, run->values, step) : std::nullopt;
  if (sample) {
    step = static_cast<double>(run->steps[*sample]);
    lines << sampleText(number, run->steps[*sample],
                        numberTextWithUnit(line.kind, run->values[*sample]));
  } else {
    lines << number;
  }
  const auto median = nearestSample(band.steps, band.median, step);
  if (median && (band.count[*median] > 1 || !sample)) {
    lines << medianText(band, *median, line.kind);
  }
  return lines.join(QLatin1Char('\n'));
}

}  // namespace anchorlens::widgets
