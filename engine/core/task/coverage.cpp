// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/cases.h"
#include "engine/core/task/describe.h"
#include "engine/core/task/key_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <numeric>

namespace anchorlens::core {
namespace {

/// A product that may be far beyond 10^308, and as exact as a double where it is not.
struct Large {
  double value = 1;
  double log10 = 0;
  void multiply(double factor, int times = 1) {
    value *= std::pow(factor, times);
    log10 += times * std::log10(factor);
  }
};

/// Share of the keys and places of one combination that no rule on keys holds out.
double trainedShare(const TaskPlan& plan, const FormPlan& form, const Cases& cases,
                    int combination) {
  double share = 0;
  cases.forEach(combination, [&](const Reading& reading, double p) {
    share += areKeysHeld(plan, form, reading.values.data(), reading.firsts.data()) ? 0 : p;
  });
  return share;
}

class Counter {
 public:
  explicit Counter(const TaskPlan& plan) : m_plan(plan) {}

  void add(const Cell& cell) {
    const FormPlan& form = m_plan.forms[at(cell.form)];
    if (cell.is_length_held) {
      return;
    }
    Large all;
    all.multiply(cell.placements.size());
    for (const int key : form.keys) {
      all.multiply(form.symbols[at(key)].domain.size());
    }
    const int n_noise = cell.length - toInt(form.occurrences.size());
    if (n_noise > 0) {
      all.multiply(m_plan.noise.size() - noiseLost(form), n_noise);
    }
    if (form.can_overlap || form.can_fail) {
      is_at_most = true;
    }
    const double share = shareOf(cell, form);
    if (share > 0) {
      all.multiply(share);
      terms.push_back(all);
    }
  }

  std::vector<Large> terms;
  bool is_at_most = false;
  bool is_about = false;

 private:
  /// Noise is never equal to a cue. Exact for one cue that is always a noise token, or never.
  int noiseLost(const FormPlan& form) {
    int lost = 0;
    for (const int cue : form.cues) {
      const TokenSet& tokens = form.symbols[at(cue)].reach;
      const auto n_noise = std::count_if(tokens.tokens().begin(), tokens.tokens().end(),
                                         [&](std::int32_t t) { return m_plan.noise.contains(t); });
      lost += n_noise == tokens.size() ? 1 : 0;
      is_at_most = is_at_most || (n_noise != 0 && n_noise != tokens.size());
    }
    is_at_most = is_at_most || form.cues.size() > 1;
    return form.cues.size() > 1 ? 0 : lost;
  }

  /// Trained combinations, each with the share of its keys that are trained.
  double shareOf(const Cell& cell, const FormPlan& form) {
    const Cases cases(m_plan, cell, false);
    const bool is_counted = cases.size() <= kMostEnumerated;
    is_about = is_about || !is_counted;
    double sum = 0;
    for (int c = 0; c < form.combinations.n; ++c) {
      if (form.is_held[at(c)] != 0) {
        continue;
      }
      sum += is_counted ? trainedShare(m_plan, form, cases, c) : m_plan.analysis.train_share;
    }
    return sum;
  }

  const TaskPlan& m_plan;
};

std::string grouped(double number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.0f", number);
  std::string text = digits;
  for (int i = toInt(text.size()) - 3; i > 0; i -= 3) {
    text.insert(at(i), 1, ' ');
  }
  return text;
}

std::string shareText(double share) {
  char text[32];
  const double percent = 100 * share;
  if (percent >= 0.01 || percent == 0) {
    std::snprintf(text, sizeof text, "%.3g %%", percent);
  } else {
    std::snprintf(text, sizeof text, "10^%.0f %%", std::ceil(std::log10(percent)));
  }
  return text;
}

}  // namespace

Coverage coverageOf(const Task& task, std::int64_t n) {
  const TaskPlan& plan = task.plan();
  Counter counter(plan);
  for (const Cell& cell : plan.cells) {
    counter.add(cell);
  }
  Coverage coverage;
  double largest = -std::numeric_limits<double>::infinity();
  for (const Large& term : counter.terms) {
    coverage.possible += term.value;
    largest = std::max(largest, term.log10);
  }
  double scaled = 0;
  for (const Large& term : counter.terms) {
    scaled += std::pow(10, term.log10 - largest);
  }
  if (coverage.possible < 1e15) {
    coverage.possible = std::round(coverage.possible);
  }
  coverage.log10_possible = counter.terms.empty() ? largest : largest + std::log10(scaled);
  coverage.kind = counter.is_about     ? Coverage::Kind::About
                  : counter.is_at_most ? Coverage::Kind::AtMost
                                       : Coverage::Kind::Certain;
  const double log_share =
      std::log10(static_cast<double>(std::max<std::int64_t>(n, 0))) - coverage.log10_possible;
  coverage.share = std::min(1.0, std::pow(10, log_share));
  return coverage;
}

std::string largeNumberText(double log10_number, double number) {
  if (number < 1e15) {
    return grouped(number);
  }
  const double exponent = std::floor(log10_number);
  char text[48];
  std::snprintf(text, sizeof text,
                "%.1f\xC2\xB7"
                "10^%.0f",
                std::pow(10, log10_number - exponent), exponent);
  return text;
}

std::string coverageSentence(const Coverage& coverage, std::int64_t n) {
  const std::string number = largeNumberText(coverage.log10_possible, coverage.possible);
  const std::string draws = grouped(static_cast<double>(n)) + " sequences are ";
  const std::string share = shareText(coverage.share);
  switch (coverage.kind) {
    case Coverage::Kind::Certain:
      return draws + "at most " + share + " of the " + number + " possible training sequences.";
    case Coverage::Kind::AtMost:
      return draws + "about " + share + " of the possible training sequences, of which there are " +
             "at most " + number + ".";
    default:
      return draws + "about " + share + " of the possible training sequences, of which there are " +
             "about " + number + ".";
  }
}

std::size_t countDistinct(const SequenceSet& set) {
  const std::size_t width = static_cast<std::size_t>(set.seq_len);
  std::vector<std::size_t> rows(set.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto compare = [&](std::size_t a, std::size_t b) {
    return std::memcmp(set.tokens.data() + a * width, set.tokens.data() + b * width,
                       width * sizeof(std::int32_t));
  };
  std::sort(rows.begin(), rows.end(),
            [&](std::size_t a, std::size_t b) { return compare(a, b) < 0; });
  return static_cast<std::size_t>(
      std::unique(rows.begin(), rows.end(),
                  [&](std::size_t a, std::size_t b) { return compare(a, b) == 0; }) -
      rows.begin());
}

}  // namespace anchorlens::core
