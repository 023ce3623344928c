// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/head_grid.h"
#include "widgets/head_view.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace anchorlens::widgets {

/// What the Attention tab shows, for the session file.
struct AttentionOptions {
  ProbeChoice probe;
  HeadView::Mode mode = HeadView::Mode::Map;
  bool values = true;
  bool outlines = true;
  ColourMap map = ColourMap::Viridis;
  bool per_head = false;
  int layer = 0;
  int head = 0;
  HeadValues shown = HeadValues::Attention;
  bool is_typed = false;  ///< the typed sequence instead of the probe's
  QString typed;
  bool operator==(const AttentionOptions&) const = default;
};

/// The Attention tab: controls, grid of all heads, the large head, and room under it for a card
/// (first start). Feed it with setProbe once a run and setFrame at each frame.
class AttentionView : public QWidget {
  Q_OBJECT

 public:
  explicit AttentionView(QWidget* parent = nullptr);

  /// A new run; clears the frame.
  void setProbe(std::shared_ptr<const ProbeContext> probe);
  /// `labels` [layer * n_heads + head]. Cheap when hidden: the frame is kept and drawn when shown.
  /// Null clears.
  void setFrame(std::shared_ptr<const core::Frame> frame, std::vector<core::HeadLabel> labels);
  /// What labels go by: badges say what is missing. Seen with the next frame.
  void setThresholds(const core::LabelThresholds& thresholds) { m_thresholds = thresholds; }
  void setEmptyText(const QString& text);
  void setNote(const QString& note);

  /// What is shown is not in the frames: evaluationWanted() asks for it, also where only what is
  /// asked for changes. The old picture stays until setEvaluated or setProblem.
  bool needsEvaluation() const { return needWeights(m_options.shown) || m_options.is_typed; }
  void setEvaluated(EvaluatedPtr evaluated);
  const EvaluatedPtr& evaluated() const { return m_evaluated; }
  /// One sentence in the picture's place.
  void setProblem(const QString& problem);
  /// After the step: "evaluating…"; may be empty.
  void setProgress(const QString& progress);
  /// What the task says of the typed sequence.
  void setVerdict(const QString& verdict);
  void setTheme(const Theme& theme);
  void setCompact(bool compact);
  /// Under the large head; the view takes it over. Null: none. Hidden cards take no room.
  void setCard(QWidget* card);

  AttentionOptions options() const { return m_options; }
  void setOptions(const AttentionOptions& options);
  void selectHead(int layer, int head);
  void nextHead(int by);      ///< H: 1, Shift+H: -1
  void nextSequence(int by);  ///< N: 1, Shift+N: -1
  void setValues(bool on);
  void setOutlines(bool on);
  void setMode(HeadView::Mode mode);

  const std::shared_ptr<const core::Frame>& frame() const { return m_frame; }
  HeadGrid* grid() const { return m_grid; }
  HeadView* large() const { return m_large; }
  NumberTable numbers() const;
  QComboBox* showBox() const { return m_shown; }
  QComboBox* probeBox() const { return m_probes; }
  QLineEdit* typedEdit() const { return m_typed; }
  const QString& problem() const { return m_problem; }

 signals:
  void headSelected(int layer, int head);
  void optionsChanged();
  void evaluationWanted();
  void copyRequested();

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void buildControls(QVBoxLayout* outer);
  void buildShown(QHBoxLayout* row);
  void buildTyped(QVBoxLayout* outer);
  void chooseProbe(int entry);
  void fillProbes();
  void fitControls();
  void fitGrid();
  void applyOptions();
  void pull();  ///< frame to grid and large head, when visible and not yet done
  void draw(HeadValues values, std::vector<HeadMapData> attention, int n_layers, int n_heads,
            const std::vector<std::vector<float>>& cells);
  void drawLarge(HeadValues values, const HeadPictures& pictures, int n_heads);
  void clearPicture();
  void showNote();
  void askAgain();

  AttentionOptions m_options;
  std::shared_ptr<const ProbeContext> m_probe;
  std::shared_ptr<const core::Frame> m_frame;
  std::vector<core::HeadLabel> m_labels;
  core::LabelThresholds m_thresholds;
  EvaluatedPtr m_evaluated;
  AttentionOptions m_asked;  ///< what evaluationWanted() was last emitted for
  QString m_problem;
  QString m_note;
  QString m_progress;
  QString m_empty_text;
  bool m_is_dirty = false;
  bool m_is_compact = false;
  QWidget* m_controls = nullptr;
  QLabel* m_probe_label = nullptr;
  QComboBox* m_probes = nullptr;
  QComboBox* m_shown = nullptr;
  QWidget* m_typed_row = nullptr;
  QLineEdit* m_typed = nullptr;
  QLabel* m_verdict = nullptr;
  QPushButton* m_as_map = nullptr;
  QPushButton* m_as_lines = nullptr;
  QCheckBox* m_values = nullptr;
  QCheckBox* m_outlines = nullptr;
  QLabel* m_colour_label = nullptr;
  QComboBox* m_colours = nullptr;
  QComboBox* m_scale = nullptr;
  QToolButton* m_copy = nullptr;
  HeadGrid* m_grid = nullptr;
  HeadView* m_large = nullptr;
  QWidget* m_card = nullptr;
  QHBoxLayout* m_body = nullptr;
  QVBoxLayout* m_right = nullptr;
};

}  // namespace anchorlens::widgets
