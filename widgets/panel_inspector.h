// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/scores.h"
#include "engine/core/task/task.h"
#include "widgets/badge.h"
#include "widgets/number_table.h"
#include "widgets/theme.h"

#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace anchorlens::widgets {

class FactRows;
class PathList;
struct FlowGraph;

/// One bar of the Inspector.
struct ScoreBar {
  QString name;
  QString tip;
  double value = 0;
  double chance = 0;  ///< the tick: where an untrained head is, on the same scale
  bool with_sign = false;
  Mechanism mechanism = Mechanism::None;
  bool isNegative() const;  ///< as it is written: -0.001 is not
  bool operator==(const ScoreBar&) const = default;
};

/// The bars of one head, most telling first: the scores of its label, then the others.
std::vector<ScoreBar> scoreBars(const core::HeadScores& scores, const core::HeadLabel& label,
                                const std::vector<core::RoleInfo>& roles);

/// What the Inspector shows of a head.
struct InspectedHead {
  int layer = 0;
  int head = 0;
  std::int64_t step = 0;
  core::HeadScores scores;
  core::HeadLabel label;
  core::LabelThresholds thresholds;  ///< that the label went by
  std::vector<core::RoleInfo> roles;
  std::optional<std::int64_t> emergence;
  int probe_size = 0;
};

class ScoreBars;

/// The Inspector dock: scores of the selected head, or a description of the run.
class InspectorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorPanel(QWidget* parent = nullptr);

  void showHead(const InspectedHead& head);
  /// With no head selected: title and rows. `tips`: what some of their names mean.
  void showRun(const QString& title, const std::vector<std::pair<QString, QString>>& facts,
               const QHash<QString, QString>& tips = {});
  /// A route of the flow graph: its list, its strength and that of the way around it.
  /// `more`: rows under these.
  void showPath(const FlowGraph& graph, int route,
                const std::vector<std::pair<QString, QString>>& more = {});
  /// Title, a note under it, and rows.
  void showFacts(const QString& title, const QString& note,
                 const std::vector<std::pair<QString, QString>>& facts);
  void showText(const QString& sentence);
  /// A section of its own under the scores, shown while a head is; takes it over.
  void addHeadSection(QWidget* section);
  void setTheme(const Theme& theme);
  QString title() const;  ///< "Layer 1  Head 0"
  /// What it shows: scores of a head with the level of an untrained one, the places of a path, and
  /// all rows of a name and a value, those of its sections, too.
  NumberTable numbers() const;
  const std::vector<ScoreBar>& bars() const;
  PathList* path() const { return m_path; }
  FactRows* facts() const { return m_facts; }

 private:
  QLabel* m_title = nullptr;
  QLabel* m_step = nullptr;
  Badge* m_badge = nullptr;
  ScoreBars* m_bars = nullptr;
  QLabel* m_tick_note = nullptr;
  FactRows* m_facts = nullptr;
  QLabel* m_text = nullptr;
  PathList* m_path = nullptr;
  QVBoxLayout* m_layout = nullptr;
  std::vector<QWidget*> m_sections;
};

}  // namespace anchorlens::widgets
