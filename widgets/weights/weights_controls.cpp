// SPDX-License-Identifier: GPL-3.0-or-later
// The row of controls over the plots.
#include "widgets/fonts.h"
#include "widgets/head_map_data.h"
#include "widgets/weights/weights_view.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>

namespace anchorlens::widgets {

namespace {

using core::analysis::HeadPlace;
using core::analysis::NormChoice;
using core::analysis::Reading;

/// Width in font sizes from which the row has room for long texts.
constexpr double kLongTextsFrom = 84;

QComboBox* box(const QString& name, const QString& tip, QWidget* parent) {
  auto* combo = new QComboBox(parent);
  combo->setAccessibleName(name);
  combo->setToolTip(tip);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return combo;
}

HeadPlace headAt(const QComboBox* combo) {
  const int data = combo->currentData().toInt();
  return {data / 1000, data % 1000};
}

}  // namespace

void WeightsView::buildControls() {
  m_controls = new QWidget(this);
  auto* row = new QHBoxLayout(m_controls);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  auto* segments = new QHBoxLayout;
  segments->setSpacing(0);
  auto* group = new QButtonGroup(this);
  const QString names[] = {tr("Weights"), tr("Circuits")};
  for (int page = 0; page < 2; ++page) {
    auto* button = new QPushButton(names[page], this);
    button->setCheckable(true);
    button->setProperty("role", "segment");
    button->setProperty("place", page == 0 ? "first" : "last");
    button->setFocusPolicy(Qt::TabFocus);
    button->setAccessibleName(names[page]);
    group->addButton(button);
    segments->addWidget(button);
    m_pages[page] = button;
    connect(button, &QPushButton::clicked, this, [this, page] {
      WeightsChoice next = m_choice;
      next.page = static_cast<WeightsPage>(page);
      choose(next);
    });
  }
  m_matrix = box(tr("Matrix"), tr("Whose rows and singular values are shown"), this);
  m_head = box(tr("Head"), tr("Whose QK and OV are shown (H, Shift+H)"), this);
  m_other = box(tr("Composed with"),
                tr("The head of another layer that its value path is composed with"), this);
  m_norm = box(tr("LayerNorm"), {}, this);
  m_reading =
      box(tr("Value path read through"),
          tr("What the value path ends in: the unembedding (logits), or the embedding as in "
             "arXiv 2401.08309"),
          this);
  m_all_tokens = new QCheckBox(this);
  m_all_tokens->setAccessibleName(tr("All tokens"));
  m_all_tokens->setFocusPolicy(Qt::TabFocus);
  m_all_tokens->setToolTip(
      tr("Else only the tokens that the task uses: anchors, keys, noise, answers"));
  m_status = new QLabel(this);
  m_status->setProperty("role", "second");
  m_copy = new QToolButton(this);
  m_copy->setToolTip(tr("Copy the picture and its numbers (Ctrl+C)"));
  m_copy->setAccessibleName(tr("Copy picture"));
  m_copy->setFocusPolicy(Qt::TabFocus);
  row->addLayout(segments);
  for (QComboBox* combo : {m_matrix, m_head, m_other, m_norm, m_reading})
    row->addWidget(combo);
  row->addWidget(m_all_tokens);
  row->addStretch(1);
  row->addWidget(m_status);
  row->addWidget(m_copy);
  const auto change = [this](auto edit) {
    return [this, edit] {
      WeightsChoice next = m_choice;
      edit(next);
      choose(next);
    };
  };
  connect(m_matrix, &QComboBox::activated, this,
          change([this](auto& next) { next.matrix = m_matrix->currentData().toString(); }));
  connect(m_head, &QComboBox::activated, this,
          change([this](auto& next) { next.head = headAt(m_head); }));
  connect(m_other, &QComboBox::activated, this,
          change([this](auto& next) { next.other = headAt(m_other); }));
  connect(m_norm, &QComboBox::activated, this, change([this](auto& next) {
            next.norm = static_cast<NormChoice>(m_norm->currentIndex());
          }));
  connect(m_reading, &QComboBox::activated, this, change([this](auto& next) {
            next.reading = static_cast<Reading>(m_reading->currentIndex());
          }));
  connect(m_all_tokens, &QCheckBox::clicked, this,
          change([this](auto& next) { next.all_tokens = m_all_tokens->isChecked(); }));
  connect(m_copy, &QToolButton::clicked, this, &WeightsView::copyRequested);
}

void WeightsView::fillHeads(QComboBox* combo, const QString& pattern, HeadPlace current,
                            std::optional<int> without_layer) {
  const QSignalBlocker blocker(combo);
  combo->clear();
  if (!m_model)
    return;
  for (const HeadPlace head : core::analysis::allHeads(*m_model)) {
    if (head.layer != without_layer)
      combo->addItem(pattern.arg(headName(head.layer, head.head)), head.layer * 1000 + head.head);
  }
  combo->setCurrentIndex(combo->findData(current.layer * 1000 + current.head));
  combo->setEnabled(combo->count() > 1);
}

/// By the width and not by what the texts would take: a box that has shown a long text keeps its
/// size.
bool WeightsView::hasShortTexts() const {
  return m_is_compact || width() < kLongTextsFrom * basePixelSize(*this);
}

void WeightsView::fillControls() {
  const bool is_short = hasShortTexts();
  m_has_short_texts = is_short;
  const bool is_circuits = m_choice.page == WeightsPage::Circuits;
  const bool has_heads = m_model && m_model->kind == core::ModelSpec::Kind::Transformer;
  m_pages[static_cast<int>(m_choice.page)]->setChecked(true);
  {
    const QSignalBlocker blocker(m_matrix);
    m_matrix->clear();
    if (m_model) {
      for (const auto& name : core::analysis::listMatrices(*m_model))
        m_matrix->addItem(QString::fromStdString(name.title), QString::fromStdString(name.id));
    }
    m_matrix->setCurrentIndex(m_matrix->findData(m_choice.matrix));
  }
  fillHeads(m_head, is_short ? tr("%1") : tr("Head %1"), m_choice.head, {});
  fillHeads(m_other, tr("with %1"), m_choice.other, m_choice.head.layer);
  {
    const QSignalBlocker norm(m_norm);
    const QSignalBlocker reading(m_reading);
    m_norm->clear();
    for (const NormChoice choice : {NormChoice::AsIs, NormChoice::Folded}) {
      QString text = QString::fromStdString(normText(m_model.value_or(core::ModelSpec()), choice));
      m_norm->addItem(is_short ? text.replace(QLatin1String("LayerNorm"), QLatin1String("LN"))
                               : text);
    }
    m_norm->setCurrentIndex(static_cast<int>(m_choice.norm));
    const QString why =
        m_model ? QString::fromStdString(core::analysis::whyNotFoldable(*m_model)) : QString();
    m_norm->setToolTip(why.isEmpty() ? tr("Folded: its scale and centring are taken into the next "
                                          "matrix; the division by the deviation is left out.")
                                     : tr("Folding is not available. %1").arg(why));
    if (auto* items = qobject_cast<QStandardItemModel*>(m_norm->model()))
      items->item(1)->setEnabled(why.isEmpty());
    m_reading->clear();
    m_reading->addItems(
        is_short ? QStringList{tr("to logits"), tr("to tokens")}
                 : QStringList{tr("through the unembedding"), tr("through the embedding")});
    m_reading->setCurrentIndex(static_cast<int>(m_choice.reading));
  }
  m_all_tokens->setText(is_short ? tr("All") : tr("All tokens"));
  m_all_tokens->setChecked(m_choice.all_tokens);
  m_all_tokens->setVisible(is_circuits && has_heads);
  m_matrix->setVisible(!is_circuits && m_model.has_value());
  for (QComboBox* combo : {m_head, m_other, m_norm, m_reading})
    combo->setVisible(is_circuits && has_heads);
}

}  // namespace anchorlens::widgets
