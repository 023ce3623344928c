// SPDX-License-Identifier: GPL-3.0-or-later
// One cell in all views: the attention of a reader to a source that was looked at last. A view that
// comes to the front marks it until another one is pointed at there.
#include "app/anchorlens/main_window.h"
#include "widgets/attention_view.h"
#include "widgets/compare/compare_view.h"
#include "widgets/flow/flow_view.h"
#include "widgets/weights/weights_view.h"

namespace anchorlens::app {

void MainWindow::wireCell() {
  const auto follow = [this](auto* view) {
    connect(view, &std::remove_pointer_t<decltype(view)>::cellHovered, this,
            [this, view](widgets::Cell cell) { shareCell(view, cell); });
  };
  follow(m_attention->grid());
  follow(m_attention->large());
  follow(m_compare_view->canvas());
  follow(m_flow->canvas());
  follow(m_weights->board());
  connect(m_flow->canvas(), &widgets::FlowCanvas::edgeSelected, this,
          [this](const widgets::FlowEdge& edge) { shareCell(m_flow->canvas(), edge.cell()); });
}

/// What is no longer pointed at stays marked in the views behind.
void MainWindow::shareCell(QObject* from, widgets::Cell cell) {
  if (!cell.isValid())
    return;
  const auto mark = [from, cell](auto* view) {
    view->setLinkedCell(view == from ? widgets::Cell{} : cell);
  };
  // The two of Attention mark each other's by themselves while one is pointed at.
  if (from != m_attention->grid() && from != m_attention->large()) {
    mark(m_attention->grid());
    mark(m_attention->large());
  }
  m_cell = cell;
  enableCut();
  mark(m_compare_view->canvas());
  mark(m_flow->canvas());
  mark(m_weights->board());
}

}  // namespace anchorlens::app
