// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/taxonomy/taxonomy_view.h"

#include "widgets/head_map_data.h"
#include "widgets/number_format.h"
#include "widgets/score_help.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

constexpr int kHeadColumn = 0;
constexpr int kLabelColumn = 1;
constexpr int kFirstLift = 4;

/// Sorts by number where there is one.
class NumberItem : public QTableWidgetItem {
 public:
  NumberItem(const QString& text, double value) : QTableWidgetItem(text) {
    setData(Qt::UserRole, value);
    setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }
  bool operator<(const QTableWidgetItem& other) const override {
    return data(Qt::UserRole).toDouble() < other.data(Qt::UserRole).toDouble();
  }
};

QString labelText(const core::HeadLabel& label) {
  if (!label.label)
    return TaxonomyView::tr("No pattern");
  const QString title = labelTitle(*label.label);
  return label.state == core::LabelState::Forming
             ? TaxonomyView::tr("Forming: %1").arg(title.toLower())
             : title;
}

/// Room for every label, so that no column moves with the cursor.
int widestLabel(const QFontMetrics& metrics) {
  int width = metrics.horizontalAdvance(labelText({}));
  for (int i = 0; i < 6; ++i) {
    core::HeadLabel label;
    label.label = static_cast<core::Label>(i);
    label.state = core::LabelState::Forming;
    width = std::max(width, metrics.horizontalAdvance(labelText(label)));
  }
  return width;
}

}  // namespace

TaxonomyView::TaxonomyView(QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(12, 10, 12, 10);
  outer->setSpacing(8);
  m_empty = new QLabel(this);
  m_empty->setProperty("role", "second");
  m_empty->setWordWrap(true);
  m_empty->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  m_empty->setContentsMargins(24, 24, 24, 24);
  outer->addWidget(m_empty);
  m_body = new QWidget(this);
  outer->addWidget(m_body, 1);
  auto* body = new QVBoxLayout(m_body);
  body->setContentsMargins(0, 0, 0, 0);
  body->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  buildThresholds(row);
  body->addLayout(row);
  m_change = new QLabel(m_body);
  m_change->setProperty("role", "caption");
  body->addWidget(m_change);
  m_chart = new RibbonChart(m_body);
  body->addWidget(m_chart, 3);
  buildTable();
  body->addWidget(m_table, 2);
  connect(m_chart, &RibbonChart::headSelected, this, [this](int layer, int head) {
    selectHead(layer, head);
    emit headSelected(layer, head);
  });
  connect(m_chart, &RibbonChart::stepChosen, this, &TaxonomyView::stepChosen);
  showThresholds();
  setHistory(nullptr);
}

void TaxonomyView::buildThresholds(QHBoxLayout* row) {
  const std::array names{tr("Label from"), tr("Forming from"), tr("Coverage"), tr("Tracking")};
  const std::array tips{
      tr("A head gets a label when its lift reaches this, and keeps it until 0.1 below"),
      tr("From this lift on a label is forming"),
      tr("A broadcast needs this share of readers with at least 0.5 on its source"),
      tr("A broadcast must explain the head so much better than any fixed column")};
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto* field = new QDoubleSpinBox(m_body);
    field->setRange(0, 1);
    field->setSingleStep(0.05);
    field->setDecimals(2);
    field->setAccessibleName(names[i]);
    field->setToolTip(tips[i]);
    auto* label = new QLabel(names[i], m_body);
    label->setProperty("role", "second");
    label->setBuddy(field);
    row->addWidget(label);
    row->addWidget(field);
    connect(field, &QDoubleSpinBox::valueChanged, this, &TaxonomyView::tried);
    m_fields[i] = field;
  }
  row->addStretch(1);
  m_defaults = new QPushButton(tr("Defaults"), m_body);
  m_use = new QPushButton(tr("Use everywhere"), m_body);
  m_use->setToolTip(
      tr("Badges, strips and emergence steps of all runs in this window go by these "
         "thresholds from now on"));
  for (QPushButton* button : {m_defaults, m_use}) {
    button->setFocusPolicy(Qt::TabFocus);
    row->addWidget(button);
  }
  connect(m_defaults, &QPushButton::clicked, this, [this] {
    const core::LabelThresholds usual;
    const std::array values{usual.enter, usual.forming, usual.coverage, usual.tracking};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const QSignalBlocker blocker(m_fields[i]);
      m_fields[i]->setValue(values[i]);
    }
    tried();
  });
  connect(m_use, &QPushButton::clicked, this, [this] { emit thresholdsAccepted(thresholds()); });
}

void TaxonomyView::buildTable() {
  m_table = new QTableWidget(m_body);
  m_table->setTabKeyNavigation(false);
  m_table->setAccessibleName(tr("Heads at the cursor"));
  QStringList columns{tr("Head"), tr("Label"), tr("Lift"), tr("Emerged")};
  for (int i = 0; i < 6; ++i)
    columns << labelTitle(static_cast<core::Label>(i));
  m_table->setColumnCount(static_cast<int>(columns.size()));
  m_table->setHorizontalHeaderLabels(columns);
  for (int i = 0; i < m_table->columnCount(); ++i) {
    m_table->horizontalHeaderItem(i)->setTextAlignment((i < 2 ? Qt::AlignLeft : Qt::AlignRight) |
                                                       Qt::AlignVCenter);
  }
  for (int i = 0; i < 6; ++i) {
    m_table->horizontalHeaderItem(kFirstLift + i)
        ->setToolTip(scoreFormula(static_cast<core::Label>(i)));
  }
  m_table->horizontalHeaderItem(kFirstLift - 2)
      ->setToolTip(tr("Lift of the label that the head has; 0 is an untrained head, 1 is perfect"));
  m_table->horizontalHeaderItem(kFirstLift - 1)
      ->setToolTip(
          tr("Of the label in this row: the first frame at or above its threshold, after which the "
             "lift does not fall 0.1 below it in the next three"));
  m_table->verticalHeader()->hide();
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  m_table->horizontalHeader()->setSectionResizeMode(kLabelColumn, QHeaderView::Fixed);
  m_table->horizontalHeader()->setHighlightSections(false);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setShowGrid(false);
  m_table->setMinimumHeight(96);
  m_table->setSortingEnabled(true);
  m_table->sortByColumn(kHeadColumn, Qt::AscendingOrder);
  connect(m_table->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
          &TaxonomyView::rowOrderChanged);
  connect(m_table, &QTableWidget::itemSelectionChanged, this, [this] {
    const int row = m_table->currentRow();
    if (m_is_filling || row < 0 || m_table->item(row, kHeadColumn) == nullptr)
      return;
    const auto index =
        static_cast<std::size_t>(m_table->item(row, kHeadColumn)->data(Qt::UserRole).toDouble());
    if (index >= m_rows.size())
      return;
    m_layer = m_rows[index].layer;
    m_head = m_rows[index].head;
    m_chart->select(m_layer, m_head);
    emit headSelected(m_layer, m_head);
  });
}

core::LabelThresholds TaxonomyView::thresholds() const {
  core::LabelThresholds thresholds = m_in_use;
  // As it is shown: two decimals.
  const auto value = [this](std::size_t i) { return std::round(m_fields[i]->value() * 100) / 100; };
  thresholds.enter = value(0);
  thresholds.forming = value(1);
  thresholds.coverage = value(2);
  thresholds.tracking = value(3);
  return thresholds;
}

void TaxonomyView::showThresholds() {
  const std::array values{m_in_use.enter, m_in_use.forming, m_in_use.coverage, m_in_use.tracking};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const QSignalBlocker blocker(m_fields[i]);
    m_fields[i]->setValue(values[i]);
  }
}

void TaxonomyView::setHistory(const RunHistory* history) {
  m_history = history;
  m_tried.reset();  // what is tried stays in the fields
  historyChanged();
}

bool TaxonomyView::hasLabels() const {
  return m_history != nullptr && !m_history->headSeries().empty() &&
         !m_history->headSeries().front().steps.empty();
}

void TaxonomyView::historyChanged() {
  m_body->setVisible(hasLabels());
  m_empty->setVisible(!hasLabels());
  if (m_history != nullptr && !core::isSame(m_history->thresholds(), m_in_use)) {
    m_in_use = m_history->thresholds();
    showThresholds();
  }
  m_is_dirty = true;
  pull();
}

void TaxonomyView::setCursor(std::int64_t step) {
  if (step == m_step)
    return;
  m_step = step;
  m_chart->setCursorStep(step);
  m_is_step_dirty = true;
  pull();
}

void TaxonomyView::setLogarithmic(bool on) {
  if (m_scale.is_logarithmic == on)
    return;
  m_scale.is_logarithmic = on;
  m_is_dirty = true;
  pull();
}

void TaxonomyView::setEmptyText(const QString& text) {
  m_empty->setText(text);
}

void TaxonomyView::setTheme(const Theme& theme) {
  m_chart->setTheme(theme);
}

void TaxonomyView::selectHead(int layer, int head) {
  m_layer = layer;
  m_head = head;
  m_chart->select(layer, head);
  markRow();
}

NumberTable TaxonomyView::numbers() const {
  return taxonomyNumbers(m_rows, m_step);
}

QString TaxonomyView::changeText() const {
  return m_change->text();
}

void TaxonomyView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  pull();
}

void TaxonomyView::tried() {
  m_is_dirty = true;
  pull();
}

void TaxonomyView::pull() {
  if (!isVisible())
    return;
  if (!hasLabels()) {
    m_rows.clear();
    fillTable();
    return;
  }
  // Labels and ribbons are of all time: moving the cursor makes none again.
  if (std::exchange(m_is_dirty, false)) {
    const QFontMetrics metrics = m_table->fontMetrics();
    m_table->horizontalHeader()->resizeSection(
        kLabelColumn, widestLabel(metrics) + 3 * metrics.averageCharWidth());
    const core::LabelThresholds wanted = thresholds();
    const bool is_tried = !core::isSame(wanted, m_in_use);
    if (!is_tried)
      m_tried.reset();
    else if (!m_tried || !core::isSame(m_tried->thresholds(), wanted))
      m_tried.emplace(wanted);
    if (m_tried)
      m_tried->follow(*m_history);
    m_chart->setRibbons(ribbonsOf(*m_history, m_tried ? &m_tried->labels() : nullptr),
                        allTimeEnd(m_history->newestStep(), m_history->totalSteps()), m_scale);
    m_use->setEnabled(is_tried);
    m_defaults->setEnabled(!core::isSame(wanted, {}));
    m_is_step_dirty = true;
  }
  if (!std::exchange(m_is_step_dirty, false))
    return;
  if (m_tried)
    m_tried->follow(*m_history);
  const auto change = m_tried ? m_tried->change(*m_history, m_step) : LabelChange{};
  m_change->setText(m_tried ? tr("%1 of %2 labels change (head × frame), %3 at this step.")
                                  .arg(formatInteger(static_cast<std::int64_t>(change.frames)),
                                       formatInteger(static_cast<std::int64_t>(change.of)),
                                       formatInteger(static_cast<std::int64_t>(change.at_step)))
                            : tr("Labels by the thresholds in use. Others can be tried: what they "
                                 "change is counted here."));
  m_rows = headRows(*m_history, m_step);
  fillTable();
}

void TaxonomyView::setRowOrder(RowOrder order) {
  if (order.column >= 0 && order.column < m_table->columnCount())
    m_table->sortByColumn(order.column,
                          order.is_descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

TaxonomyView::RowOrder TaxonomyView::rowOrder() const {
  const QHeaderView* header = m_table->horizontalHeader();
  return {header->sortIndicatorSection(), header->sortIndicatorOrder() == Qt::DescendingOrder};
}

void TaxonomyView::fillTable() {
  m_is_filling = true;
  const RowOrder order = rowOrder();
  m_table->setSortingEnabled(false);
  m_table->setRowCount(static_cast<int>(m_rows.size()));
  for (std::size_t i = 0; i < m_rows.size(); ++i) {
    const HeadRow& head = m_rows[i];
    const int row = static_cast<int>(i);
    auto* name = new NumberItem(headName(head.layer, head.head), static_cast<double>(i));
    name->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setItem(row, 0, name);
    m_table->setItem(row, kLabelColumn, new QTableWidgetItem(labelText(head.label)));
    m_table->setItem(row, 2, new NumberItem(formatScore(head.label.value), head.label.value));
    m_table->setItem(
        row, 3,
        new NumberItem(head.emergence ? formatInteger(*head.emergence) : QStringLiteral("–"),
                       head.emergence ? static_cast<double>(*head.emergence) : 1e18));
    for (int k = 0; k < 6; ++k) {
      const double lift = head.lifts[static_cast<std::size_t>(k)];
      m_table->setItem(row, kFirstLift + k, new NumberItem(formatScore(lift), lift));
    }
  }
  m_table->setSortingEnabled(true);
  setRowOrder(order);
  m_is_filling = false;
  markRow();
}

/// The selected head's row, without telling of it.
void TaxonomyView::markRow() {
  m_is_filling = true;
  for (int row = 0; row < m_table->rowCount(); ++row) {
    const auto index =
        static_cast<std::size_t>(m_table->item(row, kHeadColumn)->data(Qt::UserRole).toDouble());
    if (m_rows[index].layer == m_layer && m_rows[index].head == m_head &&
        !m_table->item(row, 0)->isSelected())
      m_table->selectRow(row);
  }
  m_is_filling = false;
}

}  // namespace anchorlens::widgets
