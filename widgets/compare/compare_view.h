// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/compare/time_alignment.h"
#include "widgets/compare/compare_canvas.h"
#include "widgets/compare/seeds_view.h"

#include <QWidget>

#include <memory>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace anchorlens::widgets {

/// What the Compare tab shows. The first six are those of the Attention tab.
struct CompareOptions {
  ProbeChoice probe;
  bool values = true;
  bool outlines = true;
  ColourMap map = ColourMap::Viridis;
  bool per_head = false;
  core::HeadMatch match = core::HeadMatch::Position;
  core::AlignBy align = core::AlignBy::Step;
  bool all_seeds = false;        ///< the page of all seeds
  bool seeds_at_cursor = false;  ///< scores there at the cursor, not at each run's last frame
  bool operator==(const CompareOptions&) const = default;
};

/// The Compare tab: controls, a line of what is to be known of the comparison, and one of two
/// pages: two runs head by head, or all seeds of their set-up.
class CompareView : public QWidget {
  Q_OBJECT

 public:
  explicit CompareView(QWidget* parent = nullptr);

  void setOptions(const CompareOptions& options);
  const CompareOptions& options() const { return m_options; }

  /// Which sequences can be looked at: none where the probes of both runs differ. `mean_of`: 0
  /// where there is no mean.
  void setProbe(std::shared_ptr<const ProbeContext> probe, bool is_same, int mean_of);
  void setComparison(Comparison comparison);
  /// In the place of the maps: a sentence; empty: none.
  void setProblem(const QString& problem);
  /// Under the controls: a sentence; empty: none.
  void setNote(const QString& note);
  void setSeeds(SeedSet set);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);

  CompareCanvas* canvas() const { return m_canvas; }
  SeedsView* seeds() const { return m_seeds; }
  QComboBox* probeBox() const { return m_probes; }
  QComboBox* matchBox() const { return m_match; }
  QComboBox* alignBox() const { return m_align; }
  QString note() const;
  NumberTable numbers() const;
  void focusPage();

 signals:
  /// The user chose something: options() has it.
  void optionsChanged();
  void pairSelected(int pair);
  void copyRequested();
  void seedChosen(quint64 id);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void buildControls();
  void buildPages(QHBoxLayout* row);
  void fillProbes();
  void applyOptions();
  void fitControls();
  void changed();
  QComboBox* addBox(const QString& label, const QString& name, const QStringList& entries,
                    QHBoxLayout* row);

  CompareOptions m_options;
  std::shared_ptr<const ProbeContext> m_probe;
  bool m_is_same_probe = false;
  int m_mean_of = 0;
  bool m_is_compact = false;
  QWidget* m_controls = nullptr;
  std::vector<QLabel*> m_labels;
  QPushButton* m_two = nullptr;
  QPushButton* m_all = nullptr;
  QWidget* m_two_controls = nullptr;
  QWidget* m_all_controls = nullptr;
  QComboBox* m_probes = nullptr;
  QComboBox* m_match = nullptr;
  QComboBox* m_align = nullptr;
  QComboBox* m_scale = nullptr;
  QComboBox* m_at = nullptr;
  QCheckBox* m_values = nullptr;
  QToolButton* m_copy = nullptr;
  QLabel* m_note = nullptr;
  QStackedWidget* m_pages = nullptr;
  CompareCanvas* m_canvas = nullptr;
  SeedsView* m_seeds = nullptr;
};

}  // namespace anchorlens::widgets
