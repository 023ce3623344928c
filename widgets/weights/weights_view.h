// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/weights/plot_board.h"
#include "widgets/weights/weights_picture.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace anchorlens::widgets {

/// The Weights tab: two pages of plots of the checkpoint at or before the cursor. It shows what it
/// is given; who gives it listens to choiceChanged and to shown.
class WeightsView : public QWidget {
  Q_OBJECT

 public:
  /// The old picture may stay so long before it is said that another one is coming.
  static constexpr int kPatienceMs = 200;

  explicit WeightsView(QWidget* parent = nullptr);

  /// Which matrices and heads there are to choose from; empty: nothing is shown.
  void setModel(const std::optional<core::ModelSpec>& model);
  /// Null clears.
  void setPicture(PicturePtr picture);
  /// Another picture has been asked for: after a while the view says so.
  void setPending(bool pending);
  /// One sentence in place of the plots; empty: the picture's.
  void setEmptyText(const QString& text);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);

  const PicturePtr& picture() const { return m_picture; }
  const WeightsChoice& choice() const { return m_choice; }
  void setChoice(const WeightsChoice& choice);
  /// The plot in the large place, of the page that is shown.
  QString largePlot() const { return m_board->largeId(); }
  void selectHead(int layer, int head);
  void nextHead(int by);  ///< H: 1, Shift+H: -1

  PlotBoard* board() const { return m_board; }
  /// "weights of step 18 000", "evaluating…"
  QString statusText() const;
  /// Of the plot with the focus, else of the large one.
  NumberTable numbers() const;
  QString focusedPlot() const;

 signals:
  void choiceChanged();
  void copyRequested();
  /// It has become visible and may be behind.
  void shown();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void buildControls();
  /// Long or short texts, as there is room.
  void fillControls();
  bool hasShortTexts() const;
  void fillHeads(QComboBox* box, const QString& pattern, core::analysis::HeadPlace current,
                 std::optional<int> without_layer);
  void choose(const WeightsChoice& choice);
  void showStatus();

  std::optional<core::ModelSpec> m_model;
  WeightsChoice m_choice;
  PicturePtr m_picture;
  QString m_empty_text;
  QString m_large[2];  ///< of each page
  bool m_is_pending = false;
  bool m_is_late = false;
  bool m_is_compact = false;
  bool m_has_short_texts = false;
  QTimer m_patience;
  QWidget* m_controls = nullptr;
  QPushButton* m_pages[2] = {nullptr, nullptr};
  QComboBox* m_matrix = nullptr;
  QComboBox* m_head = nullptr;
  QComboBox* m_other = nullptr;
  QComboBox* m_norm = nullptr;
  QComboBox* m_reading = nullptr;
  QCheckBox* m_all_tokens = nullptr;
  QLabel* m_status = nullptr;
  QToolButton* m_copy = nullptr;
  QLabel* m_empty = nullptr;
  PlotBoard* m_board = nullptr;
};

}  // namespace anchorlens::widgets
