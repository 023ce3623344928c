// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/composer/checks_card.h"

#include "widgets/composer/problem_lines.h"
#include "widgets/icons.h"
#include "widgets/number_format.h"
#include "widgets/panel_field.h"
#include "widgets/plain_number.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

using Row = ChecksCard::Row;
using State = ChecksCard::State;

constexpr std::size_t kShownGroups = 4;
constexpr int kIcon = 14;

/// A row for each held-out combination; of many only the first, then how many more there are.
void addGroups(const ExperimentChecks& checks, std::vector<Row>& rows) {
  const auto& groups = checks.task->groups();
  if (groups.size() != checks.group_counts.size()) {
    // Counted for another task, and being counted anew.
    rows.push_back(
        {State::Good, ChecksCard::tr("Test sequences"), formatInteger(checks.n_test), {}});
    return;
  }
  std::int64_t n_keys = 0;
  std::vector<Row> combinations;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].kind == core::GroupInfo::Kind::HeldOutKeys)
      n_keys += checks.group_counts[i];
    if (groups[i].kind != core::GroupInfo::Kind::HeldOutCombination)
      continue;
    QString name = QString::fromStdString(groups[i].name);
    name.remove(QStringLiteral(" held_out"));
    combinations.push_back({State::Good,
                            ChecksCard::tr("Test, unseen %1").arg(name),
                            formatInteger(checks.group_counts[i]),
                            {}});
  }
  if (checks.task->analysis().has_test) {
    rows.push_back({State::Good, ChecksCard::tr("Test, unseen keys"), formatInteger(n_keys),
                    ChecksCard::tr("Held-out keys of anchors and lengths that are trained")});
  }
  const std::size_t n = combinations.size();
  const std::size_t shown = n > kShownGroups ? kShownGroups - 1 : n;
  rows.insert(rows.end(), combinations.begin(),
              combinations.begin() + static_cast<std::ptrdiff_t>(shown));
  if (shown < n) {
    rows.push_back({State::Good,
                    ChecksCard::tr("Test, %1 more combinations").arg(n - shown),
                    ChecksCard::tr("%1 each").arg(combinations.back().value),
                    {}});
  }
}

QString notesOf(const core::TaskAnalysis& analysis) {
  QStringList notes;
  for (const std::string& note : analysis.notes)
    notes.append(QString::fromStdString(note));
  return notes.join(QLatin1Char('\n'));
}

QString shareText(double share) {
  constexpr double kPercent = 100;
  return share > 0 && share < 0.001 ? QString::number(share * kPercent, 'f', 2) + kThinSpace + '%'
                                    : formatAccuracy(share);
}

Row coverageRow(const core::Coverage& coverage, std::int64_t n_train) {
  constexpr double kPercent = 100;
  constexpr double kLeast = 1e-6;
  const double share = coverage.share;
  const QString text = share < kLeast ? QStringLiteral("< 10⁻⁴") : formatShort(share * kPercent, 2);
  return {State::Good, ChecksCard::tr("Of all possible ones"), text + kThinSpace + QLatin1Char('%'),
          QString::fromStdString(core::coverageSentence(coverage, n_train))};
}

}  // namespace

std::vector<Row> checkRows(const ExperimentChecks& checks, bool is_streaming) {
  std::vector<Row> rows;
  if (!checks.task)
    return rows;
  const auto& analysis = checks.task->analysis();
  if (checks.n_train > 0) {
    rows.push_back({State::Good, ChecksCard::tr("Training sequences"),
                    is_streaming ? ChecksCard::tr("drawn anew") : formatInteger(checks.n_train),
                    is_streaming ? ChecksCard::tr("Every step draws fresh sequences") : QString()});
    if (checks.coverage && !is_streaming)
      rows.push_back(coverageRow(*checks.coverage, checks.n_train));
    addGroups(checks, rows);
    rows.push_back({checks.shared == 0 ? State::Good : State::Bad,
                    ChecksCard::tr("Test sequences seen in training"),
                    formatInteger(static_cast<std::int64_t>(checks.shared)),
                    ChecksCard::tr("Every test sequence was compared with every training "
                                   "sequence")});
  }
  const double ceiling = analysis.has_test ? analysis.ceiling_test : analysis.ceiling_train;
  rows.push_back({ceiling < 1 ? State::Plain : State::Good,
                  ChecksCard::tr("Best possible accuracy"), formatAccuracy(ceiling),
                  notesOf(analysis)});
  rows.push_back({State::Good, ChecksCard::tr("Accuracy by chance"), shareText(analysis.chance),
                  ChecksCard::tr("The best that an answer without reading the sequence reaches")});
  return rows;
}

ChecksCard::ChecksCard(QWidget* parent) : ComposerCard(tr("Checks"), parent) {
  m_table = new QWidget(this);
  m_grid = new QGridLayout(m_table);
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(8);
  m_grid->setVerticalSpacing(6);
  m_grid->setColumnStretch(1, 1);
  m_problems = new ProblemLines(this);
  body()->addWidget(m_table);
  body()->addWidget(m_problems);
  body()->addStretch(1);
  connect(m_problems, &ProblemLines::repairChosen, this,
          [this](const core::ExperimentSpec& next, const QString& label) {
            emit edited(next, label, {});
          });
}

void ChecksCard::setExperiment(const core::ExperimentSpec& experiment, bool read_only) {
  m_is_read_only = read_only;
  if (experiment == m_experiment)
    return;
  m_experiment = experiment;
  m_problems->setStale(true);
  m_table->setEnabled(false);
}

void ChecksCard::setChecks(const ExperimentChecks& checks) {
  m_checks = checks;
  core::SpecErrors rest = m_is_read_only ? core::SpecErrors{} : checks.problems;
  const std::size_t count = rest.size();
  std::erase_if(rest, [&](const core::SpecError& error) {
    const bool has_repair =
        std::any_of(checks.repairs.begin(), checks.repairs.end(),
                    [&](const core::Repair& repair) { return repair.pointer == error.pointer; });
    return !has_repair && m_owned_elsewhere && m_owned_elsewhere(error.pointer);
  });
  m_problems->setProblems(rest, checks.repairs);
  const bool is_streaming = m_experiment.data.mode == core::DataSpec::Mode::Streaming;
  auto rows = checkRows(checks, is_streaming);
  rows.push_back({count == 0 ? State::Good : State::Bad,
                  tr("Problems"),
                  formatInteger(static_cast<std::int64_t>(count)),
                  {}});
  if (rows != m_rows) {
    m_rows = std::move(rows);
    showRows();
  }
  m_table->setEnabled(!checks.is_stale);
}

bool ChecksCard::isDimmed() const {
  return !m_table->isEnabled();
}

void ChecksCard::showRows() {
  while (QLayoutItem* item = m_grid->takeAt(0)) {
    if (item->widget() != nullptr) {
      item->widget()->hide();
      item->widget()->deleteLater();
    }
    delete item;
  }
  int at = 0;
  for (const Row& row : m_rows) {
    auto* mark = new QLabel(m_table);
    const QColor colour = row.state == State::Bad ? theme().error : theme().good;
    const QString name = row.state == State::Bad     ? QStringLiteral("warning")
                         : row.state == State::Plain ? QStringLiteral("info")
                                                     : QStringLiteral("check");
    mark->setPixmap(
        icon(name, row.state == State::Plain ? theme().text_second : colour).pixmap(kIcon, kIcon));
    auto* text = makeElidingLabel(row.name, m_table);
    text->setToolTip(row.tip);
    auto* value = new QLabel(row.value, m_table);
    value->setProperty("role", "mono");
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setAccessibleName(row.name);
    value->setToolTip(row.tip);
    m_grid->addWidget(mark, at, 0);
    m_grid->addWidget(text, at, 1);
    m_grid->addWidget(value, at, 2);
    ++at;
  }
}

void ChecksCard::setTheme(const Theme& theme) {
  ComposerCard::setTheme(theme);
  m_problems->setTheme(theme);
  showRows();
}

bool ChecksCard::focusFirstProblem() {
  if (m_problems->problems().empty())
    return false;
  for (QPushButton* button : m_problems->findChildren<QPushButton*>()) {
    if (button->isEnabled()) {
      button->setFocus(Qt::ShortcutFocusReason);
      return true;
    }
  }
  return false;
}

}  // namespace anchorlens::widgets
