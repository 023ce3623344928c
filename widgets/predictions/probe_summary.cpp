// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/predictions/probe_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace anchorlens::widgets {

namespace {

/// exp(logit - log sum exp): the softmax of one token.
double probability(std::span<const float> logits, std::int32_t token) {
  const auto largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(static_cast<double>(logit) - largest);
  }
  return std::exp(static_cast<double>(logits[static_cast<std::size_t>(token)]) - largest) / sum;
}

void addCalibration(ProbeSummary& summary, std::span<const core::Answer> answers,
                    std::span<const float> logits) {
  if (answers.size() < 2) {
    return;
  }
  for (std::size_t rank = 0; rank < answers.size(); ++rank) {
    summary.calibration.push_back({answers.front().token, answers[rank].token,
                                   static_cast<int>(rank), answers[rank].p,
                                   probability(logits, answers[rank].token)});
  }
}

}  // namespace

std::pair<double, double> ProbeSummary::meanOfRank(int rank) const {
  double model = 0;
  double truth = 0;
  int count = 0;
  for (const CalibrationPoint& point : calibration) {
    if (point.rank == rank) {
      model += point.p_model;
      truth += point.p_true;
      ++count;
    }
  }
  if (count == 0) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone};
  }
  return {model / count, truth / count};
}

ProbeSummary summarise(const core::SequenceSet& probe, std::span<const float> logits, int d_vocab,
                       std::int64_t step) {
  ProbeSummary summary;
  summary.step = step;
  std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> wrong;
  const auto width = static_cast<std::size_t>(d_vocab);
  for (std::size_t i = 0; i < probe.size() && (i + 1) * width <= logits.size(); ++i) {
    const auto row = logits.subspan(i * width, width);
    const auto predicted =
        static_cast<std::int32_t>(std::max_element(row.begin(), row.end()) - row.begin());
    const std::int32_t answer = probe.targets[i];
    ++summary.n;
    ++summary.deviations[predicted - answer];
    if (predicted == answer) {
      ++summary.n_right;
    } else {
      ++wrong[{answer, predicted}];
    }
    if (i + 1 < probe.answer_offsets.size()) {
      addCalibration(summary, probe.answersOf(i), row);
    }
  }
  for (const auto& [pair, n] : wrong) {
    summary.confusions.push_back({pair.first, pair.second, n});
  }
  std::stable_sort(summary.confusions.begin(), summary.confusions.end(),
                   [](const Confusion& a, const Confusion& b) { return a.n > b.n; });
  return summary;
}

NumberTable deviationNumbers(const ProbeSummary& summary) {
  NumberTable table;
  table.title = QStringLiteral("Deviations, step %1").arg(summary.step);
  table.columns = {QStringLiteral("deviation"), QStringLiteral("n")};
  for (const auto& [deviation, n] : summary.deviations) {
    table.rows.push_back({static_cast<qint64>(deviation), static_cast<qint64>(n)});
  }
  return table;
}

NumberTable confusionNumbers(const ProbeSummary& summary) {
  NumberTable table;
  table.title = QStringLiteral("Wrong answers, step %1").arg(summary.step);
  table.columns = {QStringLiteral("answer"), QStringLiteral("predicted"), QStringLiteral("n")};
  for (const Confusion& confusion : summary.confusions) {
    table.rows.push_back({static_cast<qint64>(confusion.answer),
                          static_cast<qint64>(confusion.predicted),
                          static_cast<qint64>(confusion.n)});
  }
  return table;
}

NumberTable calibrationNumbers(const ProbeSummary& summary) {
  NumberTable table;
  table.title = QStringLiteral("Calibration, step %1").arg(summary.step);
  table.columns = {QStringLiteral("most_probable"), QStringLiteral("answer"),
                   QStringLiteral("rank"), QStringLiteral("p_true"), QStringLiteral("p_model")};
  for (const CalibrationPoint& point : summary.calibration) {
    table.rows.push_back({static_cast<qint64>(point.likeliest), static_cast<qint64>(point.answer),
                          static_cast<qint64>(point.rank), point.p_true, point.p_model});
  }
  return table;
}

NumberTable probeNumbers(const ProbeSummary& summary) {
  NumberTable all;
  all.title = QStringLiteral("Answers on the whole probe, step %1").arg(summary.step);
  all.columns = {
      QStringLiteral("part"),      QStringLiteral("deviation"), QStringLiteral("answer"),
      QStringLiteral("predicted"), QStringLiteral("n"),         QStringLiteral("most_probable"),
      QStringLiteral("rank"),      QStringLiteral("p_true"),    QStringLiteral("p_model")};
  const auto add = [&all](const QString& part, const NumberTable& table) {
    for (const auto& row : table.rows) {
      auto& values = all.rows.emplace_back(static_cast<std::size_t>(all.columns.size()));
      values[0] = part;
      for (std::size_t i = 0; i < row.size(); ++i) {
        const auto column = all.columns.indexOf(table.columns[static_cast<qsizetype>(i)]);
        values[static_cast<std::size_t>(column)] = row[i];
      }
    }
  };
  add(QStringLiteral("deviation"), deviationNumbers(summary));
  add(QStringLiteral("wrong answer"), confusionNumbers(summary));
  add(QStringLiteral("calibration"), calibrationNumbers(summary));
  return all;
}

}  // namespace anchorlens::widgets
