// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_runs_arrange.h"

#include "widgets/number_format.h"

#include <QCollator>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Of each row the one that it stands below.
std::vector<std::size_t> parentsOf(const std::vector<RunRow>& rows) {
  std::vector<std::size_t> parents(rows.size(), kNone);
  std::vector<std::size_t> above;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    while (!above.empty() && rows[above.back()].depth >= rows[i].depth)
      above.pop_back();
    if (!above.empty())
      parents[i] = above.back();
    above.push_back(i);
  }
  return parents;
}

/// A study or setting with its runs below it.
bool isHead(const std::vector<RunRow>& rows, const std::vector<std::size_t>& parents,
            std::size_t at) {
  return rows[at].canFold() && at + 1 < rows.size() && parents[at + 1] == at;
}

/// Numbers are found however their thousands are written.
QString plain(QString text) {
  return text.remove(kThinSpace);
}

/// Digits are looked for where a number begins: 1 is not found in 2140.
bool has(const QString& text, const QString& word) {
  qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive);
  while (at > 0 && word[0].isDigit() && text[at - 1].isDigit())
    at = text.indexOf(word, at + 1, Qt::CaseInsensitive);
  return at >= 0;
}

bool hasAll(const QString& text, const QStringList& words) {
  return std::all_of(words.begin(), words.end(),
                     [&text](const QString& word) { return has(text, word); });
}

/// Which rows the filter leaves by themselves.
std::vector<bool> matches(const std::vector<RunRow>& rows, const std::vector<std::size_t>& parents,
                          const QStringList& words) {
  std::vector<bool> is_match(rows.size(), false);
  std::vector<QString> of_heads(rows.size());  // names of the studies, ... that a row is in
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RunRow& row = rows[i];
    const QString above = parents[i] == kNone ? QString() : of_heads[parents[i]];
    of_heads[i] = row.canFold() ? above + row.name + QLatin1Char('\n') : above;
    if (isHead(rows, parents, i))
      continue;  // its runs are asked
    QString text = of_heads[i] + row.name + QLatin1Char('\n') + row.difference + QLatin1Char('\n') +
                   row.status;
    if (row.state == core::RunState::Training)
      text += QLatin1Char('\n') + RunsModel::tr("training");
    is_match[i] = hasAll(plain(std::move(text)), words);
  }
  return is_match;
}

/// "Run 2" before "Run 10", in any case.
bool isNameLess(const QString& a, const QString& b) {
  static const QCollator by_number = [] {
    QCollator collator(QLocale(QLocale::English));  // in that of C digits are letters
    collator.setNumericMode(true);
    collator.setCaseSensitivity(Qt::CaseInsensitive);
    return collator;
  }();
  return by_number.compare(a, b) < 0;
}

int stateRank(const RunRow& row) {
  switch (row.state) {
    case core::RunState::Training:
      return 0;
    case core::RunState::Created:
      return row.is_open && !row.canFold() ? 1 : 6;  // starting; not started
    case core::RunState::Paused:
      return 2;
    case core::RunState::Failed:
      return 3;
    case core::RunState::Stopped:
      return 4;
    case core::RunState::Finished:
      return 5;
  }
  return 6;
}

bool isBefore(const RunRow& a, const RunRow& b, RunSort sort) {
  switch (sort) {
    case RunSort::Name:
      return isNameLess(a.name, b.name);
    case RunSort::Accuracy:
      return a.test_accuracy.value_or(-1) > b.test_accuracy.value_or(-1);
    case RunSort::State:
      return stateRank(a) < stateRank(b);
    case RunSort::Newest:
      break;
  }
  return false;
}

/// How many runs the rows stand for.
int countRuns(const std::vector<RunRow>& rows) {
  int count = 0;
  int folded = -1;  // depth of a row that counts for what is shown below it
  for (const RunRow& row : rows) {
    if (folded >= 0 && row.depth > folded)
      continue;
    folded = row.canFold() && row.is_folded ? row.depth : -1;
    count += row.canFold() ? (row.is_folded ? row.n_runs : 0) : 1;
  }
  return count;
}

bool trainsHere(const RunRow& row) {
  return row.is_ours &&
         (row.state == core::RunState::Training || row.state == core::RunState::Created);
}

/// Takes out what the filter does not leave.
void filter(std::vector<RunRow>& rows, const RunChoices& choices, ArrangedRuns& arranged) {
  const auto parents = parentsOf(rows);
  const auto words = plain(choices.filter).simplified().split(QLatin1Char(' '));
  const std::vector<bool> is_match = matches(rows, parents, words);
  std::vector<bool> is_kept = is_match;
  for (std::size_t i = rows.size(); i-- > 0;) {
    if (is_kept[i] && parents[i] != kNone)
      is_kept[parents[i]] = true;
  }
  std::vector<RunRow> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RunRow& row = rows[i];
    const bool is_head = isHead(rows, parents, i);
    if (is_match[i])
      arranged.found += row.canFold() ? row.n_runs : 1;
    if (!is_kept[i]) {
      if (trainsHere(row))
        arranged.hidden_training = row.id;
      continue;
    }
    if (is_head)
      row.is_folded = false;
    row.is_held_open = is_head;
    row.is_context = !is_match[i] && !is_head;
    kept.push_back(std::move(row));
  }
  rows = std::move(kept);
}

void sort(std::vector<RunRow>& rows, RunSort by) {
  const auto parents = parentsOf(rows);
  std::vector<std::size_t> roots;
  std::vector<std::vector<std::size_t>> below(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    (parents[i] == kNone ? roots : below[parents[i]]).push_back(i);
  const auto order = [&](std::vector<std::size_t>& places) {
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return isBefore(rows[a], rows[b], by); });
  };
  order(roots);
  for (auto& places : below)
    order(places);
  std::vector<RunRow> sorted;
  sorted.reserve(rows.size());
  std::vector<std::size_t> waiting(roots.rbegin(), roots.rend());  // the next one last
  while (!waiting.empty()) {
    const std::size_t at = waiting.back();
    waiting.pop_back();
    sorted.push_back(std::move(rows[at]));
    waiting.insert(waiting.end(), below[at].rbegin(), below[at].rend());
  }
  rows = std::move(sorted);
}

}  // namespace

ArrangedRuns arrangeRuns(const std::vector<RunRow>& rows, const RunChoices& choices) {
  ArrangedRuns arranged;
  arranged.rows = rows;
  arranged.found = arranged.all = countRuns(rows);
  if (choices.isFiltering()) {
    arranged.found = 0;
    filter(arranged.rows, choices, arranged);
  }
  if (choices.sort != RunSort::Newest)
    sort(arranged.rows, choices.sort);
  return arranged;
}

}  // namespace anchorlens::widgets
