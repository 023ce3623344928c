// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/weights/weights_view.h"

#include "widgets/icons.h"
#include "widgets/number_format.h"

#include <QEvent>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace anchorlens::widgets {

WeightsView::WeightsView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 10);
  outer->setSpacing(10);
  buildControls();
  outer->addWidget(m_controls);
  m_empty = new QLabel(this);
  m_empty->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  m_empty->setWordWrap(true);
  m_empty->setProperty("role", "second");
  m_empty->setMargin(24);
  m_board = new PlotBoard(this);
  outer->addWidget(m_empty, 1);
  outer->addWidget(m_board, 1);
  connect(m_board, &PlotBoard::largeChanged, this, [this](const QString& id) {
    m_large[static_cast<int>(m_choice.page)] = id;
    emit choiceChanged();
  });
  m_patience.setSingleShot(true);
  m_patience.setInterval(kPatienceMs);
  connect(&m_patience, &QTimer::timeout, this, [this] {
    m_is_late = true;
    showStatus();
  });
  setModel({});
}

void WeightsView::setModel(const std::optional<core::ModelSpec>& model) {
  if (model == m_model && m_model)
    return;
  m_model = model;
  if (m_model)
    m_choice = fittedChoice(m_choice, *m_model);
  fillControls();
}

void WeightsView::setPicture(PicturePtr picture) {
  m_picture = std::move(picture);
  // A picture of the other page, still shown: its plots keep their places until the new one comes.
  if (m_picture) {
    m_board->setLarge(m_large[static_cast<int>(m_picture->choice.page)]);
    m_board->setPlots(m_picture->plots);
  } else {
    m_board->setPlots({});
  }
  showStatus();
}

void WeightsView::setPending(bool pending) {
  if (pending == m_is_pending)
    return;
  m_is_pending = pending;
  m_is_late = false;
  if (pending)
    m_patience.start();
  else
    m_patience.stop();
  showStatus();
}

void WeightsView::setEmptyText(const QString& text) {
  m_empty_text = text;
  showStatus();
}

QString WeightsView::statusText() const {
  return m_status->text();
}

void WeightsView::showStatus() {
  const bool has_plots = m_empty_text.isEmpty() && m_picture && m_picture->empty_text.isEmpty();
  QString empty = m_empty_text;
  if (empty.isEmpty() && m_picture)
    empty = m_picture->empty_text;
  else if (empty.isEmpty() && m_is_late)
    empty = tr("Reading the weights…");
  m_empty->setText(empty);
  m_empty->setVisible(!has_plots);
  m_board->setVisible(has_plots);
  m_copy->setEnabled(has_plots);
  QString status;
  if (m_is_late && has_plots)
    status = tr("evaluating…");
  else if (has_plots)
    status = tr("weights of step %1").arg(formatInteger(m_picture->step));
  m_status->setText(status);
}

void WeightsView::setChoice(const WeightsChoice& choice) {
  m_choice = m_model ? fittedChoice(choice, *m_model) : choice;
  fillControls();
}

void WeightsView::choose(const WeightsChoice& choice) {
  if (choice == m_choice)
    return;
  setChoice(choice);
  emit choiceChanged();
}

void WeightsView::selectHead(int layer, int head) {
  WeightsChoice next = m_choice;
  next.head = {layer, head};
  choose(next);
}

void WeightsView::nextHead(int by) {
  const auto heads =
      m_model ? core::analysis::allHeads(*m_model) : std::vector<core::analysis::HeadPlace>();
  const int n = static_cast<int>(heads.size());
  if (n == 0)
    return;
  const int now = m_choice.head.layer * m_model->n_heads + m_choice.head.head;
  const auto next = heads[static_cast<std::size_t>(((now + by) % n + n) % n)];
  selectHead(next.layer, next.head);
}

QString WeightsView::focusedPlot() const {
  // Also behind a dialog, from which the focus comes back.
  const QWidget* focused = window()->focusWidget();
  for (const PlotView* view : m_board->views()) {
    if (view == focused)
      return view->plot()->id;
  }
  return m_board->largeId();
}

NumberTable WeightsView::numbers() const {
  const QString id = focusedPlot();
  for (const PlotView* view : m_board->views()) {
    if (view->plot() && view->plot()->id == id)
      return plotNumbers(*view->plot());
  }
  return {};
}

void WeightsView::setTheme(const Theme& theme) {
  m_board->setTheme(theme);
  m_copy->setIcon(icon(QStringLiteral("copy"), theme.text));
}

void WeightsView::setCompact(bool compact) {
  if (compact == m_is_compact)
    return;
  m_is_compact = compact;
  fillControls();
}

void WeightsView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  emit shown();
}

void WeightsView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (hasShortTexts() != m_has_short_texts)
    fillControls();
}

void WeightsView::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange)
    fillControls();
}

}  // namespace anchorlens::widgets
