// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/composer/field_row.h"

#include <QWidget>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QVBoxLayout;

namespace anchorlens::widgets {

class IntervalBar;

/// Anchors that have operations, are applied, or are named by a rule `keys`, in their order.
std::vector<int> anchorTokens(const core::TaskSpec& task);

/// The field "never trained with keys" of one anchor, now `anchor`; its pointer is `pointer`, not
/// the file's.
FieldSpec neverTrainedField(const std::function<int(const core::ExperimentSpec&)>& anchorOf,
                            int anchor, const QString& pointer);

/// The keys that single anchors are never trained with: a bar an anchor.
class KeySection : public QWidget {
  Q_OBJECT

 public:
  explicit KeySection(QWidget* parent = nullptr);

  void load(const core::ExperimentSpec& experiment, bool read_only);
  /// Takes those of rules `keys`.
  void setProblems(const core::SpecErrors& problems, const std::vector<core::Repair>& repairs,
                   bool stale);
  bool focusFirstProblem();
  void setTheme(const Theme& theme);
  IntervalBar* bar(int anchor) const;
  QCheckBox* box() const { return m_box; }

 signals:
  void edited(const anchorlens::core::ExperimentSpec& next, const QString& text,
              const QString& merge_key);
  void textProblemChanged();
  void rebuilt();

 private:
  void rebuild(const std::vector<int>& tokens);
  void toggle(bool on);
  std::optional<std::string> rowPointer(const std::string& pointer) const;
  void setIntervals(int anchor, const core::Intervals& intervals, int stroke);

  struct Row {
    FieldRow* fields = nullptr;
    IntervalBar* bar = nullptr;
    QWidget* chip = nullptr;
  };
  core::ExperimentSpec m_experiment;
  bool m_is_read_only = false;
  std::optional<bool> m_opened;  ///< by the user
  QCheckBox* m_box = nullptr;
  QWidget* m_content = nullptr;
  QVBoxLayout* m_outer = nullptr;
  std::vector<int> m_tokens;
  std::map<int, Row> m_rows;
  Theme m_theme = Theme::dark();
};

}  // namespace anchorlens::widgets
