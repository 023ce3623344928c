// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/attention_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

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
  m_large->setEmptyText(text);
}

void AttentionView::setNote(const QString& note) {
  m_large->setNote(note);
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
  const int controls = m_controls->sizeHint().height() + layout()->spacing();
  const int most = std::max(room.width() - 360, room.width() * 2 / 5);
  m_grid->setFixedWidth(m_grid->widthFor(QSize(most, room.height() - controls)));
}

void AttentionView::pull() {
  if (!m_is_dirty || !isVisible()) {
    return;
  }
  m_is_dirty = false;
  if (!m_frame || !m_probe) {
    m_grid->setTiles({}, 0, 0);
    m_large->setData({});
    fitGrid();
    return;
  }
  const core::PatternBatch& batch =
      m_options.probe.mean && m_frame->mean.n > 0 ? m_frame->mean : m_frame->shown;
  std::vector<HeadMapData> maps = makeHeadMaps(*m_frame, *m_probe, m_options.probe);
  std::vector<HeadTile> tiles(maps.size());
  for (std::size_t i = 0; i < maps.size(); ++i) {
    tiles[i].map = maps[i];
    if (i < m_labels.size() && i < m_frame->scores.size()) {
      tiles[i].badge = badgeOf(m_labels[i], m_frame->scores[i], m_probe->roles);
    }
  }
  const bool is_other_shape = m_grid->tiles().size() != tiles.size();
  const int n_layers = maps.empty() ? 0 : batch.n_layers;
  const int n_heads = maps.empty() ? 0 : batch.n_heads;
  m_options.layer = std::clamp(m_options.layer, 0, std::max(0, n_layers - 1));
  m_options.head = std::clamp(m_options.head, 0, std::max(0, n_heads - 1));
  m_grid->setTiles(std::move(tiles), n_layers, n_heads);
  m_grid->select(m_options.layer, m_options.head);
  const auto first = static_cast<std::size_t>(m_options.layer * n_heads);
  if (maps.empty()) {
    m_large->setData({});
  } else {
    m_large->setData(maps[first + static_cast<std::size_t>(m_options.head)]);
    const auto begin = maps.begin() + static_cast<std::ptrdiff_t>(first);
    m_large->setLayerMaps({begin, begin + n_heads});
  }
  if (is_other_shape) {
    fitGrid();
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
