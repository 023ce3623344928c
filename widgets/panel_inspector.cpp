// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panel_inspector.h"

#include "widgets/flow/path_list.h"
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_score_bars.h"
#include "widgets/score_help.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

QString tr(const char* text) {
  return InspectorPanel::tr(text);
}

QString sourceName(const std::vector<core::RoleInfo>& roles, std::uint8_t role) {
  if (role >= roles.size())
    return {};
  const bool is_key = roles[role].kind == core::RoleInfo::Kind::Key;
  const auto same_kind = std::count_if(roles.begin(), roles.end(), [&](const core::RoleInfo& r) {
    return r.kind == roles[role].kind;
  });
  const QString kind = is_key ? tr("key") : tr("anchor");
  return same_kind > 1 ? kind + QLatin1Char(' ') + QString::fromStdString(roles[role].symbol)
                       : kind;
}

QString withLift(const QString& tip, const core::Score& score) {
  return tip + QLatin1Char('\n') + liftText(score);
}

void addBroadcast(std::vector<ScoreBar>& bars, const core::HeadScores& scores,
                  const std::vector<core::RoleInfo>& roles) {
  if (scores.best_broadcast < 0)
    return;
  const auto& best = scores.broadcasts[static_cast<std::size_t>(scores.best_broadcast)];
  const auto mechanism = Mechanism::Broadcast;
  bars.push_back({tr("Broadcast %1").arg(sourceName(roles, best.source)),
                  withLift(tr("Attention of the output row to it: 0 is an untrained head, 1 is "
                              "perfect."),
                           best.output),
                  best.output.lift, 0, false, mechanism});
  bars.push_back({tr("Raw attention"),
                  tr("Mean attention of the output row, before the lift. An untrained head has 1 / "
                     "(sources of the row)."),
                  best.output.mass, best.output.chance, false, mechanism});
  bars.push_back({tr("Coverage"),
                  tr("Share of the readers with at least 0.5 on it; an untrained head has none."),
                  best.output_coverage, 0, false, mechanism});
  bars.push_back({tr("Tracking"),
                  tr("Best moving column minus best fixed column; below 0 means a fixed column. "
                     "Lift %1 - %2 (column %3).")
                      .arg(formatScore(best.output.lift), formatScore(best.output_fixed_lift))
                      .arg(best.output_fixed_column),
                  best.output_tracking, 0, true, mechanism});
  if (best.later) {
    bars.push_back({tr("All later rows"),
                    withLift(tr("The same for every row after it."), *best.later), best.later->lift,
                    0, false, mechanism});
  }
}

void addShift(std::vector<ScoreBar>& bars, const core::HeadScores& scores) {
  const auto& best = scores.shift_lags[static_cast<std::size_t>(scores.shift_lag - 1)];
  const auto mechanism = Mechanism::Shift;
  const QString lag = kMinus + QString::number(scores.shift_lag);
  bars.push_back({tr("Shift %1, all rows").arg(lag),
                  withLift(tr("Rows attend so many positions back: 0 is an untrained head, 1 is "
                              "perfect."),
                           best),
                  best.lift, 0, false, mechanism});
  if (scores.shift_row) {
    const auto& row = scores.shift_row->score;
    bars.push_back({tr("Shift, task row"),
                    withLift(tr("The later of anchor and key attends to the earlier one."), row),
                    row.lift, 0, false, mechanism});
    bars.push_back({tr("Raw attention, row"),
                    tr("Mean attention of that row, before the lift. An untrained head has 1 / "
                       "(sources of the row)."),
                    row.mass, row.chance, false, mechanism});
  }
  bars.push_back(
      {tr("Consistency"),
       tr("Share of the rows whose largest attention lies there; an untrained head, whose "
          "rows are flat, has none."),
       scores.shift_consistency, 0, false, mechanism});
}

void addOthers(std::vector<ScoreBar>& bars, const core::HeadScores& scores) {
  const auto add = [&](const QString& name, const QString& tip, const core::Score& score) {
    bars.push_back({name, withLift(tip, score), score.lift, 0, false, Mechanism::None});
  };
  add(tr("Sink on 0"), tr("Attention to the first position."), scores.sink);
  add(tr("Self"), tr("Attention to the own position."), scores.self);
  if (scores.induction)
    add(tr("Induction"), tr("Attention to what followed the same token before."),
        *scores.induction);
  if (scores.duplicate)
    add(tr("Duplicate"), tr("Attention to an earlier copy of the token."), *scores.duplicate);
}

}  // namespace

bool ScoreBar::isNegative() const {
  return formatScore(value).startsWith(kMinus);
}

std::vector<ScoreBar> scoreBars(const core::HeadScores& scores, const core::HeadLabel& label,
                                const std::vector<core::RoleInfo>& roles) {
  std::vector<ScoreBar> bars;
  const bool shift_first =
      label.label ? *label.label == core::Label::Shift : scores.shift() > scores.broadcast();
  if (shift_first) {
    addShift(bars, scores);
    addBroadcast(bars, scores, roles);
  } else {
    addBroadcast(bars, scores, roles);
    addShift(bars, scores);
  }
  addOthers(bars, scores);
  return bars;
}

InspectorPanel::InspectorPanel(QWidget* parent) : QWidget(parent) {
  auto* body = new QWidget;
  auto* layout = m_layout = new QVBoxLayout(body);
  layout->setContentsMargins(12, 4, 12, 12);
  layout->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  m_title = new QLabel(body);
  m_title->setProperty("role", "title");
  m_badge = new Badge(body);
  head->addWidget(m_title);
  head->addWidget(m_badge, 1, Qt::AlignLeft);
  m_step = new QLabel(body);
  m_step->setProperty("role", "caption");
  m_step->setWordWrap(true);
  m_text = new QLabel(body);
  m_text->setProperty("role", "second");
  m_text->setWordWrap(true);
  m_bars = new ScoreBars(body);
  m_tick_note = new QLabel(body);
  m_tick_note->setProperty("role", "caption");
  m_tick_note->setWordWrap(true);
  m_path = new PathList(body);
  m_facts = new FactRows(body);
  layout->addLayout(head);
  layout->addWidget(m_step);
  layout->addWidget(m_text);
  layout->addWidget(m_bars);
  layout->addWidget(m_tick_note);
  layout->addWidget(m_path);
  layout->addWidget(m_facts);
  layout->addStretch(1);

  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(body);
  scroll->setAccessibleName(tr("Inspector"));
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
  showText(tr("Nothing is selected."));
}

void InspectorPanel::addHeadSection(QWidget* section) {
  m_layout->insertWidget(m_layout->count() - 1, section);  // before the stretch
  m_sections.push_back(section);
  section->setVisible(!m_bars->isHidden());
}

void InspectorPanel::showHead(const InspectedHead& head) {
  m_title->setText(headName(head.layer, head.head, true));
  m_badge->setBadge(badgeOf(head.label, head.scores, head.roles, head.thresholds));
  m_badge->show();
  m_step->setText(tr("at step %1").arg(formatInteger(head.step)));
  m_step->show();
  m_text->hide();
  m_path->hide();
  m_bars->setBars(scoreBars(head.scores, head.label, head.roles));
  m_bars->show();
  const auto& bars = m_bars->bars();
  const bool has_negative =
      std::any_of(bars.begin(), bars.end(), [](const ScoreBar& bar) { return bar.isNegative(); });
  m_tick_note->setText(has_negative
                           ? tr("Tick: level of an untrained head. Left of the line: below 0.")
                           : tr("Tick: level of an untrained head"));
  m_tick_note->show();
  for (QWidget* section : m_sections)
    section->show();
  std::vector<std::pair<QString, QString>> facts;
  facts.emplace_back(tr("Emerged at step"),
                     head.emergence ? formatInteger(*head.emergence) : QStringLiteral("–"));
  facts.emplace_back(tr("Measured on"), tr("%1 sequences").arg(formatInteger(head.probe_size)));
  m_facts->setFacts(facts);
}

void InspectorPanel::showRun(const QString& title,
                             const std::vector<std::pair<QString, QString>>& facts,
                             const QHash<QString, QString>& tips) {
  m_title->setText(title);
  for (QWidget* widget :
       std::initializer_list<QWidget*>{m_badge, m_step, m_text, m_bars, m_tick_note, m_path})
    widget->hide();
  for (QWidget* section : m_sections)
    section->hide();
  m_facts->setFacts(facts, tips);
}

void InspectorPanel::showFacts(const QString& title, const QString& note,
                               const std::vector<std::pair<QString, QString>>& facts) {
  showRun(title, facts);
  m_step->setText(note);
  m_step->show();
}

void InspectorPanel::showPath(const FlowGraph& graph, int route,
                              const std::vector<std::pair<QString, QString>>& more) {
  const auto i = static_cast<std::size_t>(route);
  if (route < 0 || i >= graph.routes.size()) {
    showText(graph.is_mean
                 ? tr("The mean over the probe has no path: the tokens stand elsewhere in "
                      "each sequence. Choose one sequence.")
                 : tr("The task joins no tokens here: there is no path."));
    return;
  }
  const FlowRoute& shown = graph.routes[i];
  std::vector<std::pair<QString, QString>> facts;
  facts.emplace_back(tr("Strength"), QString::number(shown.path.strength, 'f', 3));
  if (shown.alternative)
    facts.emplace_back(tr("Best way around it"),
                       QString::number(shown.alternative->strength, 'f', 3));
  facts.insert(facts.end(), more.begin(), more.end());
  showRun(tr("Path"), facts);
  m_step->setText(shown.is_marked
                      ? tr("Found at step %1").arg(formatInteger(graph.step))
                      : tr("Not there at step %1 (drawn dashed)").arg(formatInteger(graph.step)));
  m_step->show();
  m_path->setRoute(graph, route);
  m_path->show();
}

void InspectorPanel::showText(const QString& sentence) {
  showRun({}, {});
  m_text->setText(sentence);
  m_text->show();
}

void InspectorPanel::setTheme(const Theme& theme) {
  m_badge->setTheme(theme);
  m_bars->setTheme(theme);
  m_path->setTheme(theme);
}

NumberTable InspectorPanel::numbers() const {
  NumberTable table;
  QStringList title{m_title->text()};
  if (!m_step->isHidden())
    title.append(m_step->text());
  title.removeAll(QString());
  table.title = title.isEmpty() ? tr("Inspector") : title.join(QStringLiteral(", "));
  const bool has_bars = !m_bars->isHidden();
  table.columns = {tr("name"), tr("value")};
  if (has_bars)
    table.columns.append(tr("untrained head"));
  const auto add = [&](const QString& name, const NumberTable::Value& value,
                       const NumberTable::Value& untrained = QString()) {
    table.rows.push_back({name, value});
    if (has_bars)
      table.rows.back().push_back(untrained);
  };
  if (has_bars) {
    for (const ScoreBar& bar : m_bars->bars())
      add(bar.name, bar.value, bar.chance);
  }
  if (!m_path->isHidden()) {
    const QStringList lines = m_path->lines();
    for (qsizetype i = 0; i < lines.size(); ++i)
      add(tr("place %1").arg(i + 1), lines[i]);
  }
  for (const FactRows* facts : findChildren<FactRows*>()) {
    if (!facts->isVisibleTo(this))
      continue;
    for (const auto& [name, value] : facts->facts())
      add(name, value);
  }
  if (!m_text->isHidden())
    add(tr("note"), m_text->text());
  return table;
}

QString InspectorPanel::title() const {
  return m_title->text();
}

const std::vector<ScoreBar>& InspectorPanel::bars() const {
  return m_bars->bars();
}

}  // namespace anchorlens::widgets
