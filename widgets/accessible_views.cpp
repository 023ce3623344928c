// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/accessible_views.h"

#include <QAccessibleWidget>
#include <QComboBox>
#include <QHash>

namespace anchorlens::widgets {

namespace {

/// Found by its type among the children of the widget that it describes.
template <typename Description>
class Holder : public QObject {
 public:
  Holder(QWidget& widget, Description what) : QObject(&widget), description(std::move(what)) {}
  static Holder* of(QObject* object) {
    for (QObject* child : object->children()) {
      if (auto* holder = dynamic_cast<Holder*>(child))
        return holder;
    }
    return nullptr;
  }
  Description description;
};

class TableView;

class CellOfTable : public QAccessibleInterface, public QAccessibleTableCellInterface {
 public:
  CellOfTable(TableView& table, int row, int column)
      : m_table(table), m_row(row), m_column(column) {}

  bool isValid() const override;
  QObject* object() const override { return nullptr; }
  QWindow* window() const override;
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  QAccessibleInterface* parent() const override;
  QAccessibleInterface* child(int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QString text(QAccessible::Text kind) const override;
  void setText(QAccessible::Text, const QString&) override {}
  QRect rect() const override;
  QAccessible::Role role() const override { return QAccessible::Cell; }
  QAccessible::State state() const override;
  void* interface_cast(QAccessible::InterfaceType type) override {
    return type == QAccessible::TableCellInterface
               ? static_cast<QAccessibleTableCellInterface*>(this)
               : nullptr;
  }

  bool isSelected() const override;
  QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
  QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
  int columnIndex() const override { return m_column; }
  int rowIndex() const override { return m_row; }
  int columnExtent() const override { return 1; }
  int rowExtent() const override { return 1; }
  QAccessibleInterface* table() const override { return parent(); }

 private:
  TableView& m_table;  ///< deletes this
  int m_row;
  int m_column;
};

class TableView : public QAccessibleWidget, public QAccessibleTableInterface {
 public:
  TableView(QWidget* widget, const CellTable& cells)
      : QAccessibleWidget(widget, QAccessible::Table), m_cells(cells) {}
  ~TableView() override {
    for (const QAccessible::Id id : std::as_const(m_ids))
      QAccessible::deleteAccessibleInterface(id);
  }

  const CellTable& cells() const { return m_cells; }
  QWidget* view() const { return widget(); }
  std::optional<std::pair<int, int>> current() const {
    const auto cell = m_cells.current();
    return cell && contains(cell->first, cell->second) ? cell : std::nullopt;
  }
  bool contains(int row, int column) const {
    return row >= 0 && column >= 0 && row < m_cells.rows() && column < m_cells.columns();
  }

  void* interface_cast(QAccessible::InterfaceType type) override {
    return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface*>(this)
                                               : QAccessibleWidget::interface_cast(type);
  }
  int childCount() const override { return m_cells.rows() * m_cells.columns(); }
  QAccessibleInterface* child(int index) const override {
    const int columns = m_cells.columns();
    return columns > 0 && index >= 0 ? cellAt(index / columns, index % columns) : nullptr;
  }
  int indexOfChild(const QAccessibleInterface* child) const override {
    const auto* cell = dynamic_cast<const CellOfTable*>(child);
    return cell != nullptr ? cell->rowIndex() * m_cells.columns() + cell->columnIndex() : -1;
  }
  QAccessibleInterface* focusChild() const override {
    const auto cell = current();
    return cell ? cellAt(cell->first, cell->second) : nullptr;
  }

  QAccessibleInterface* caption() const override { return nullptr; }
  QAccessibleInterface* summary() const override { return nullptr; }
  QAccessibleInterface* cellAt(int row, int column) const override {
    if (!contains(row, column))
      return nullptr;
    QAccessible::Id& id = m_ids[{row, column}];
    if (id == 0) {
      auto* cell = new CellOfTable(const_cast<TableView&>(*this), row, column);
      id = QAccessible::registerAccessibleInterface(cell);
    }
    return QAccessible::accessibleInterface(id);
  }
  int selectedCellCount() const override { return current() ? 1 : 0; }
  QList<QAccessibleInterface*> selectedCells() const override {
    QList<QAccessibleInterface*> cells;
    if (auto* cell = focusChild())
      cells.append(cell);
    return cells;
  }
  QString columnDescription(int) const override { return {}; }
  QString rowDescription(int) const override { return {}; }
  int selectedColumnCount() const override { return 0; }
  int selectedRowCount() const override { return 0; }
  int columnCount() const override { return m_cells.columns(); }
  int rowCount() const override { return m_cells.rows(); }
  QList<int> selectedColumns() const override { return {}; }
  QList<int> selectedRows() const override { return {}; }
  bool isColumnSelected(int) const override { return false; }
  bool isRowSelected(int) const override { return false; }
  bool selectRow(int) override { return false; }
  bool selectColumn(int) override { return false; }
  bool unselectRow(int) override { return false; }
  bool unselectColumn(int) override { return false; }
  void modelChange(QAccessibleTableModelChangeEvent*) override {}

 private:
  const CellTable& m_cells;  ///< a child of the widget
  mutable QHash<std::pair<int, int>, QAccessible::Id> m_ids;
};

bool CellOfTable::isValid() const {
  return m_table.isValid() && m_table.contains(m_row, m_column);
}

QWindow* CellOfTable::window() const {
  return m_table.window();
}

QAccessibleInterface* CellOfTable::parent() const {
  return &m_table;
}

QString CellOfTable::text(QAccessible::Text kind) const {
  const bool is_asked = kind == QAccessible::Name || kind == QAccessible::Value;
  return is_asked && isValid() ? m_table.cells().text(m_row, m_column) : QString();
}

QRect CellOfTable::rect() const {
  if (!isValid())
    return {};
  const QRect box = m_table.cells().box(m_row, m_column);
  return {m_table.view()->mapToGlobal(box.topLeft()), box.size()};
}

bool CellOfTable::isSelected() const {
  return m_table.current() == std::pair(m_row, m_column);
}

QAccessible::State CellOfTable::state() const {
  QAccessible::State state;
  state.focusable = state.selectable = state.readOnly = true;
  state.selected = isSelected();
  state.focused = isSelected() && m_table.view()->hasFocus();
  state.invalid = !isValid();
  return state;
}

class ValueView : public QAccessibleWidget, public QAccessibleValueInterface {
 public:
  ValueView(QWidget* widget, const SpokenValue& value)
      : QAccessibleWidget(widget, QAccessible::Slider), m_value(value) {}

  void* interface_cast(QAccessible::InterfaceType type) override {
    return type == QAccessible::ValueInterface ? static_cast<QAccessibleValueInterface*>(this)
                                               : QAccessibleWidget::interface_cast(type);
  }
  QString text(QAccessible::Text kind) const override {
    return kind == QAccessible::Value ? m_value.text() : QAccessibleWidget::text(kind);
  }
  QVariant currentValue() const override { return m_value.now(); }
  void setCurrentValue(const QVariant& value) override { m_value.set(value.toDouble()); }
  QVariant maximumValue() const override { return m_value.range().second; }
  QVariant minimumValue() const override { return m_value.range().first; }
  QVariant minimumStepSize() const override { return 1.0; }

 private:
  const SpokenValue& m_value;  ///< a child of the widget
};

class NamedBox : public QAccessibleWidget {
 public:
  explicit NamedBox(QComboBox* box) : QAccessibleWidget(box, QAccessible::ComboBox) {}
  QString text(QAccessible::Text kind) const override {
    return kind == QAccessible::Value ? box()->currentText() : QAccessibleWidget::text(kind);
  }
  QAccessible::State state() const override {
    QAccessible::State state = QAccessibleWidget::state();
    state.expandable = true;
    return state;
  }
  QStringList actionNames() const override { return {showMenuAction(), setFocusAction()}; }
  void doAction(const QString& action) override {
    if (action == showMenuAction())
      box()->showPopup();
    else
      QAccessibleWidget::doAction(action);
  }

 private:
  QComboBox* box() const { return qobject_cast<QComboBox*>(object()); }
};

QAccessibleInterface* makeView(const QString&, QObject* object) {
  auto* widget = qobject_cast<QWidget*>(object);
  if (widget == nullptr)
    return nullptr;
  if (const auto* table = Holder<CellTable>::of(widget))
    return new TableView(widget, table->description);
  if (const auto* value = Holder<SpokenValue>::of(widget))
    return new ValueView(widget, value->description);
  auto* box = qobject_cast<QComboBox*>(widget);
  return box != nullptr && !box->isEditable() && !box->accessibleName().isEmpty()
             ? new NamedBox(box)
             : nullptr;
}

/// What was made of the widget before it was described is made anew.
void renew(QWidget& widget) {
  if (QAccessibleInterface* old = QAccessible::queryAccessibleInterface(&widget))
    QAccessible::deleteAccessibleInterface(QAccessible::uniqueId(old));
}

}  // namespace

void describeAsTable(QWidget& widget, CellTable table) {
  renew(widget);
  new Holder<CellTable>(widget, std::move(table));
}

void describeAsValue(QWidget& widget, SpokenValue value) {
  renew(widget);
  new Holder<SpokenValue>(widget, std::move(value));
}

void tellCurrentCell(QWidget& widget) {
  const auto* table = Holder<CellTable>::of(&widget);
  const auto cell = table != nullptr ? table->description.current() : std::nullopt;
  if (!cell || !QAccessible::isActive() || !widget.hasFocus())
    return;
  QAccessibleEvent event(&widget, QAccessible::Focus);
  event.setChild(cell->first * table->description.columns() + cell->second);
  QAccessible::updateAccessibility(&event);
}

void installAccessibleViews() {
  QAccessible::installFactory(&makeView);
}

}  // namespace anchorlens::widgets
