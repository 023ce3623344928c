// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/experiment/task_shape.h"
#include "widgets/composer/pair_matrix.h"

#include <QWidget>

#include <array>
#include <optional>
#include <set>
#include <vector>

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QScrollArea;

namespace anchorlens::widgets {

/// Which combinations of anchors are trained, held out or relabelled: the matrix, what a click
/// sets, counts. Hidden when no pattern has one or two anchor variables.
class PairSection : public QWidget {
  Q_OBJECT

 public:
  explicit PairSection(QWidget* parent = nullptr);

  void load(const core::TaskSpec& task, bool read_only);
  /// Whether this section shows the combination: what it does not is for other rows.
  bool shows(const core::AnchorValues& values) const;
  /// Anchors with a problem.
  void setBroken(const std::set<int>& tokens);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  PairMatrix* matrix() const { return m_matrix; }
  QPushButton* brushButton(core::CombinationState state) const;

 signals:
  void edited(const anchorlens::core::TaskSpec& next, const QString& text,
              const QString& merge_key);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildHead(QBoxLayout* outer);
  void buildFoot(QBoxLayout* outer);
  core::AnchorValues valuesAt(int row, int column) const;
  PairCell cellOf(const core::AnchorValues& values) const;
  const core::CombinationPage* page() const;
  void show(const core::CombinationPage& page);
  void showCounts();
  bool isChangedHere(int row, int column);
  void paint(int row, int column, core::CombinationState state, int stroke);
  void relabel(int row, int column, const QString& operation);
  void holdOutDiagonal();
  void toggle(bool on);
  void clear();

  /// What does not change while combinations are painted.
  struct Fact {
    bool is_drawn = true;
    QString operation;
  };
  std::vector<Fact> factsOf(const core::CombinationPage& page) const;

  core::TaskSpec m_task;
  std::vector<Fact> m_facts;  ///< of the page shown
  bool m_facts_are_old = true;
  bool m_is_readable = false;  ///< every pattern
  std::vector<core::CombinationPage> m_pages;
  std::set<int> m_broken;
  bool m_is_read_only = false;
  std::optional<bool> m_opened;  ///< by the user
  QCheckBox* m_box = nullptr;
  QWidget* m_content = nullptr;
  QComboBox* m_page = nullptr;
  QLabel* m_click_sets = nullptr;
  QBoxLayout* m_head = nullptr;
  std::array<QPushButton*, 3> m_brushes{};
  QScrollArea* m_scroll = nullptr;
  PairMatrix* m_matrix = nullptr;
  QLabel* m_counts = nullptr;
  QPushButton* m_diagonal = nullptr;
  QPushButton* m_clear = nullptr;
};

}  // namespace anchorlens::widgets
