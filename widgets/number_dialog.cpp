// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/number_dialog.h"

#include "widgets/fonts.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace anchorlens::widgets {

namespace {

/// As a person reads it; valueText() is for programs. Whole numbers have all their digits.
QString shownText(const NumberTable::Value& value) {
  if (const auto* number = std::get_if<double>(&value)) {
    return *number == std::floor(*number) ? formatFull(*number)
                                          : formatShort(*number, NumberModel::kDigits);
  }
  const auto* whole = std::get_if<qint64>(&value);
  return whole != nullptr ? formatInteger(*whole) : std::get<QString>(value);
}

/// Nothing stands there: no number, no text.
bool isUnknown(const NumberTable::Value& value) {
  const auto* number = std::get_if<double>(&value);
  const auto* text = std::get_if<QString>(&value);
  return (number != nullptr && std::isnan(*number)) || (text != nullptr && text->isEmpty());
}

/// Numbers before texts; what is unknown last, whichever way is sorted.
class NumberOrder : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;

 protected:
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override {
    const QVariant a = left.data(sortRole());
    const QVariant b = right.data(sortRole());
    if (a.isValid() != b.isValid()) {
      return b.isValid() == (sortOrder() == Qt::DescendingOrder);
    }
    if (a.userType() == b.userType()) {
      return QSortFilterProxyModel::lessThan(left, right);
    }
    const bool is_text = a.userType() == QMetaType::QString;
    const bool is_before_text = b.userType() == QMetaType::QString;
    return is_text || is_before_text ? is_before_text : a.toDouble() < b.toDouble();
  }
};

}  // namespace

NumberModel::NumberModel(NumberTable table, QObject* parent)
    : QAbstractTableModel(parent), m_table(std::move(table)) {}

int NumberModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int NumberModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant NumberModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) {
    return {};
  }
  const auto& value = m_table.rows.at(static_cast<std::size_t>(index.row()))
                          .at(static_cast<std::size_t>(index.column()));
  if (role == Qt::DisplayRole) {
    return shownText(value);
  }
  if (role == Qt::EditRole) {  // what is copied
    return valueText(value);
  }
  if (role == Qt::UserRole) {  // sorts by number where it is one
    return isUnknown(value)
               ? QVariant()
               : std::visit([](const auto& v) { return QVariant::fromValue(v); }, value);
  }
  if (role == Qt::TextAlignmentRole && !std::holds_alternative<QString>(value)) {
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  }
  return {};
}

QVariant NumberModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role == Qt::TextAlignmentRole && orientation == Qt::Horizontal && rowCount({}) > 0) {
    // As what stands below it.
    const QVariant below = data(index(0, section), role);
    return below.isValid() ? below : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole) {
    return {};
  }
  return orientation == Qt::Horizontal ? QVariant(m_table.columns.value(section))
                                       : QVariant(section + 1);
}

NumberDialog::NumberDialog(NumberTable table, QWidget* parent) : QDialog(parent) {
  setAttribute(Qt::WA_DeleteOnClose);
  const QString title = table.title;
  setWindowTitle(title);
  resize(640, 480);
  auto* sorted = new NumberOrder(this);
  sorted->setSourceModel(new NumberModel(std::move(table), this));
  sorted->setSortRole(Qt::UserRole);
  m_view = new QTableView(this);
  m_view->setTabKeyNavigation(false);
  m_view->setModel(sorted);
  // By no column yet: it would sort forty thousand rows only to have them back in order.
  m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  m_view->setSortingEnabled(true);
  m_view->setFont(monoFont(basePixelSize(*this) - 1));
  // By the rows that can be seen: of a large matrix there are forty thousand.
  m_view->horizontalHeader()->setResizeContentsPrecision(0);
  m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_view->verticalHeader()->hide();
  m_view->setAccessibleName(title);
  auto* buttons = new QDialogButtonBox(this);
  auto* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
  buttons->addButton(QDialogButtonBox::Close);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(m_view);
  layout->addWidget(buttons);
  connect(copy, &QPushButton::clicked, this, &NumberDialog::copyText);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  m_view->installEventFilter(this);
}

void NumberDialog::copyText() const {
  QGuiApplication::clipboard()->setText(selectedText());
}

/// The table's own Ctrl+C would copy one cell only.
bool NumberDialog::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
    auto* key = dynamic_cast<QKeyEvent*>(event);
    if (key != nullptr && key->matches(QKeySequence::Copy)) {
      key->accept();
      if (event->type() == QEvent::KeyPress) {
        copyText();
      }
      return true;
    }
  }
  return QDialog::eventFilter(object, event);
}

QString NumberDialog::selectedText() const {
  const QAbstractItemModel& model = *m_view->model();
  QItemSelection selection = m_view->selectionModel()->selection();
  if (selection.isEmpty()) {
    selection.select(model.index(0, 0), model.index(model.rowCount() - 1, model.columnCount() - 1));
  }
  std::vector<int> rows;
  std::vector<int> columns;
  for (const QModelIndex& index : selection.indexes()) {
    rows.push_back(index.row());
    columns.push_back(index.column());
  }
  for (auto* list : {&rows, &columns}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  NumberTable chosen;
  for (const int column : columns) {
    chosen.columns << model.headerData(column, Qt::Horizontal).toString();
  }
  for (const int row : rows) {
    std::vector<NumberTable::Value> values;
    for (const int column : columns) {
      values.emplace_back(model.index(row, column).data(Qt::EditRole).toString());
    }
    chosen.rows.push_back(std::move(values));
  }
  return chosen.tsv();
}

}  // namespace anchorlens::widgets
