// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <span>

namespace anchorlens::widgets {

AttentionView::AttentionView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 10);
  outer->setSpacing(10);
  buildControls(outer);
  m_grid = new HeadGrid(this);
  m_large = new HeadView(this);
  m_body = new QHBoxLayout;
  m_body->setSpacing(12);
  m_right = new QVBoxLayout;
  m_right->setSpacing(10);
  m_right->addWidget(m_large, 1);
  m_body->addWidget(m_grid);
  m_body->addLayout(m_right, 1);
  outer->addLayout(m_body, 1);
  connect(m_grid, &HeadGrid::headSelected, this, &AttentionView::selectHead);
  connect(m_grid, &HeadGrid::headActivated, this, [this] { m_large->setFocus(); });
  connect(m_grid, &HeadGrid::cellHovered, m_large, &HeadView::setLinkedCell);
  connect(m_large, &HeadView::cellHovered, m_grid, &HeadGrid::setLinkedCell);
  applyOptions();
}

void AttentionView::setProbe(std::shared_ptr<const ProbeContext> probe) {
  m_probe = std::move(probe);
  m_frame = nullptr;
  m_labels.clear();
  m_evaluated = nullptr;
  m_problem.clear();
  fillProbes();
  m_is_dirty = true;
  pull();
}

void AttentionView::setFrame(std::shared_ptr<const core::Frame> frame,
                             std::vector<core::HeadLabel> labels) {
  const bool had_mean = m_frame && m_frame->mean.n > 0;
  m_frame = std::move(frame);
  m_labels = std::move(labels);
  if (had_mean != (m_frame && m_frame->mean.n > 0)) {
    fillProbes();
  }
  m_is_dirty = true;
  pull();
}

void AttentionView::setEmptyText(const QString& text) {
  m_empty_text = text;
  if (m_problem.isEmpty()) {
    m_large->setEmptyText(text);
  }
}

void AttentionView::setCard(QWidget* card) {
  if (m_card != nullptr && m_card != card) {
    m_right->removeWidget(m_card);
    m_card->deleteLater();
  }
  m_card = card;
  if (m_card != nullptr) {
    m_right->addWidget(m_card, 0);
  }
}

void AttentionView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  fitGrid();
  pull();
  if (needsEvaluation()) {
    emit evaluationWanted();
  }
}

void AttentionView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitControls();
  fitGrid();
}

void AttentionView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange) {
    fitControls();
    fitGrid();
  }
  QWidget::changeEvent(event);
}

/// The grid takes what its tiles need, and leaves the large head at least as much as is over.
void AttentionView::fitGrid() {
  const QRect room = contentsRect().marginsRemoved(layout()->contentsMargins());
  const auto heightOf = [this](const QWidget* row) {
    return row->isHidden() ? 0 : row->sizeHint().height() + layout()->spacing();
  };
  const int controls = heightOf(m_controls) + heightOf(m_typed_row);
  const int most = std::max(room.width() - 360, room.width() * 2 / 5);
  m_grid->setFixedWidth(m_grid->widthFor(QSize(most, room.height() - controls)));
}

void AttentionView::pull() {
  if (!m_is_dirty || !isVisible()) {
    return;
  }
  m_is_dirty = false;
  if (needsEvaluation()) {
    if (!m_problem.isEmpty() || !m_probe || !m_frame) {
      clearPicture();
    } else if (m_evaluated) {
      const bool is_made_here = !needWeights(m_options.shown);
      draw(is_made_here ? m_options.shown : m_evaluated->values, m_evaluated->maps,
           m_evaluated->n_layers, m_evaluated->n_heads, m_evaluated->cells);
    }
    return;  // the old picture stays until the new one is there
  }
  m_evaluated = nullptr;
  if (!m_frame || !m_probe) {
    clearPicture();
    return;
  }
  const core::PatternBatch& batch =
      m_options.probe.mean && m_frame->mean.n > 0 ? m_frame->mean : m_frame->shown;
  std::vector<HeadMapData> maps = makeHeadMaps(*m_frame, *m_probe, m_options.probe);
  draw(m_options.shown, std::move(maps), batch.n_layers, batch.n_heads, {});
}

void AttentionView::clearPicture() {
  m_large->setEmptyText(m_problem.isEmpty() ? m_empty_text : m_problem);
  m_grid->setTiles({}, 0, 0);
  m_large->setData({});
  fitGrid();
}

void AttentionView::draw(HeadValues values, std::vector<HeadMapData> attention, int n_layers,
                         int n_heads, const std::vector<std::vector<float>>& cells) {
  const HeadPictures pictures = makePictures(values, std::move(attention), cells);
  std::vector<HeadTile> tiles(pictures.maps.size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    tiles[i].map = pictures.maps[i];
    tiles[i].reading = pictures.readings[i];
    if (m_frame && i < m_labels.size() && i < m_frame->scores.size()) {
      tiles[i].badge = badgeOf(m_labels[i], m_frame->scores[i], m_probe->roles, m_thresholds);
    }
  }
  const bool is_other_shape = m_grid->tiles().size() != tiles.size();
  n_layers = tiles.empty() ? 0 : n_layers;
  n_heads = tiles.empty() ? 0 : n_heads;
  m_options.layer = std::clamp(m_options.layer, 0, std::max(0, n_layers - 1));
  m_options.head = std::clamp(m_options.head, 0, std::max(0, n_heads - 1));
  m_grid->setTiles(std::move(tiles), n_layers, n_heads);
  m_grid->select(m_options.layer, m_options.head);
  m_large->setEmptyText(m_empty_text);
  drawLarge(values, pictures, n_heads);
  if (is_other_shape) {
    fitGrid();
  }
}

void AttentionView::drawLarge(HeadValues values, const HeadPictures& pictures, int n_heads) {
  if (pictures.maps.empty()) {
    m_large->setData({});
    return;
  }
  const auto first = static_cast<std::size_t>(m_options.layer * n_heads);
  const std::span<const HeadMapData> all(pictures.maps);
  const auto layer = all.subspan(first, static_cast<std::size_t>(n_heads));
  if (values == HeadValues::LayerMean || values == HeadValues::AllMean) {
    const auto averaged = values == HeadValues::AllMean ? all : layer;
    HeadReading reading;
    reading.values = values;
    reading.n_averaged = static_cast<int>(averaged.size());
    HeadMapData mean = meanOfHeads(averaged);
    mean.layer = m_options.layer;
    mean.head = m_options.head;
    m_large->setData(std::move(mean), std::move(reading));
    m_large->setLayerMaps({});
    return;
  }
  const std::size_t chosen = first + static_cast<std::size_t>(m_options.head);
  m_large->setData(pictures.maps[chosen], pictures.readings[chosen]);
  m_large->setLayerMaps({layer.begin(), layer.end()});
}

void AttentionView::setEvaluated(EvaluatedPtr evaluated) {
  m_evaluated = std::move(evaluated);
  m_problem.clear();
  m_is_dirty = true;
  pull();
}

void AttentionView::setProblem(const QString& problem) {
  if (problem == m_problem) {
    return;
  }
  m_problem = problem;
  if (!problem.isEmpty()) {
    m_evaluated = nullptr;
  }
  m_is_dirty = true;
  pull();
}

void AttentionView::setProgress(const QString& progress) {
  m_progress = progress;
  showNote();
}

void AttentionView::setNote(const QString& note) {
  m_note = note;
  showNote();
}

void AttentionView::showNote() {
  QStringList notes{m_note, m_progress};
  notes.removeAll(QString());
  m_large->setNote(notes.join(QStringLiteral(", ")));
}

/// Tells once that something else than before is to be computed.
void AttentionView::askAgain() {
  const bool is_same = m_asked.shown == m_options.shown && m_asked.probe == m_options.probe &&
                       m_asked.is_typed == m_options.is_typed && m_asked.typed == m_options.typed;
  m_asked = m_options;
  if (!is_same) {
    emit evaluationWanted();
  }
}

void AttentionView::selectHead(int layer, int head) {
  if (m_options.layer == layer && m_options.head == head) {
    return;
  }
  m_options.layer = layer;
  m_options.head = head;
  m_is_dirty = true;
  pull();
  emit headSelected(layer, head);
  emit optionsChanged();
}

void AttentionView::nextHead(int by) {
  if (!m_frame || m_frame->shown.heads() == 0) {
    return;
  }
  const int n_heads = m_frame->shown.n_heads;
  const int n = n_heads * m_frame->shown.n_layers;
  const int next = ((m_options.layer * n_heads + m_options.head + by) % n + n) % n;
  selectHead(next / n_heads, next % n_heads);
}

NumberTable AttentionView::numbers() const {
  return m_large->numbers();
}

}  // namespace anchorlens::widgets
