// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/composer_driver.h"

#include "widgets/composer/anchors_card.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/held_out_card.h"
#include "widgets/composer/pair_matrix.h"
#include "widgets/panel_experiment.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTest>
#include <QWheelEvent>
#include <QWindow>

namespace anchorlens::tests {

namespace {

/// What assistive technology calls it.
QString nameOf(const QWidget& widget) {
  const auto* button = qobject_cast<const QAbstractButton*>(&widget);
  return widget.accessibleName().isEmpty() && button != nullptr ? button->text()
                                                                : widget.accessibleName();
}

/// The middle; of tick boxes the box, as their labels may be short of the widget.
QPoint handleOf(const QWidget& widget) {
  const bool is_box = qobject_cast<const QCheckBox*>(&widget) != nullptr;
  return is_box ? QPoint(8, widget.height() / 2) : widget.rect().center();
}

void turnWheel(QScrollArea& area, const QPoint& angle) {
  const QPointF at(area.viewport()->rect().center());
  QWheelEvent event(at, area.viewport()->mapToGlobal(at), {}, angle, Qt::NoButton, Qt::NoModifier,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(area.viewport(), &event);
}

}  // namespace

void ComposerDriver::fail(const QString& what) {
  if (m_problem.isEmpty())
    m_problem = what;
}

QWidget* ComposerDriver::composer() const {
  return m_window.composer();
}

QWidget* ComposerDriver::find(QWidget& in, const QString& name) {
  QCoreApplication::processEvents();  // rows that were just made are laid out
  QList<QWidget*> found;
  for (QWidget* widget : in.findChildren<QWidget*>()) {
    if (widget->isVisible() && nameOf(*widget) == name)
      found.append(widget);
  }
  if (found.size() == 1)
    return found.first();
  fail(QStringLiteral("“%1” is the name of %2 controls.").arg(name).arg(found.size()));
  return nullptr;
}

/// Turns the wheel over the scroll areas around a widget until the point is in all their viewports.
bool ComposerDriver::reveal(QWidget& widget, const QPoint& at) {
  for (QWidget* parent = widget.parentWidget(); parent != nullptr;
       parent = parent->parentWidget()) {
    auto* area = qobject_cast<QScrollArea*>(parent);
    if (area == nullptr)
      continue;
    for (;;) {
      const QPoint seen = widget.mapTo(area->viewport(), at);
      const QRect view = area->viewport()->rect();
      if (view.contains(seen))
        break;
      const bool is_vertical = seen.y() < view.top() || seen.y() > view.bottom();
      const auto* bar = is_vertical ? area->verticalScrollBar() : area->horizontalScrollBar();
      const int sign = (is_vertical ? seen.y() < view.top() : seen.x() < view.left()) ? 1 : -1;
      const int before = bar->value();
      turnWheel(*area, is_vertical ? QPoint(0, 120 * sign) : QPoint(120 * sign, 0));
      if (bar->value() == before)
        return false;
    }
  }
  return true;
}

void ComposerDriver::click(QWidget& widget, const QPoint& at) {
  if (!m_problem.isEmpty())
    return;
  const bool is_seen = reveal(widget, at);
  const QPoint place = widget.mapTo(&m_window, at);
  const QWidget* hit = m_window.childAt(place);
  if (!is_seen || hit == nullptr || (hit != &widget && !widget.isAncestorOf(hit)))
    fail(QStringLiteral("“%1” cannot be clicked: it is not seen.").arg(nameOf(widget)));
  else if (!widget.isEnabled())
    fail(QStringLiteral("“%1” cannot be clicked: it is disabled.").arg(nameOf(widget)));
  else
    QTest::mouseClick(m_window.windowHandle(), Qt::LeftButton, {}, place);
}

void ComposerDriver::click(QWidget& widget) {
  click(widget, handleOf(widget));
}

void ComposerDriver::press(int key, Qt::KeyboardModifiers modifiers) {
  if (m_problem.isEmpty())
    QTest::keyClick(m_window.windowHandle(), static_cast<Qt::Key>(key), modifiers);
}

void ComposerDriver::type(const QString& text) {
  for (const QChar c : text) {
    if (m_problem.isEmpty())
      QTest::keyClick(m_window.windowHandle(), c.toLatin1());
  }
}

void ComposerDriver::replaceText(QWidget& editor, const QString& text) {
  click(editor);
  if (m_problem.isEmpty() && QApplication::focusWidget() != &editor)
    fail(QStringLiteral("“%1” does not take the focus.").arg(nameOf(editor)));
  press(Qt::Key_A, Qt::ControlModifier);
  press(Qt::Key_Delete);
  type(text);
}

void ComposerDriver::choose(QWidget& widget, const QString& entry) {
  const auto& list = *qobject_cast<QComboBox*>(&widget);
  const int wanted = list.findText(entry);
  if (wanted < 0) {
    fail(QStringLiteral("“%1” has no entry “%2”.").arg(nameOf(widget), entry));
    return;
  }
  click(widget);
  if (m_problem.isEmpty() && !list.view()->isVisible())
    fail(QStringLiteral("“%1” does not open.").arg(nameOf(widget)));
  press(Qt::Key_Home);
  for (int row = 0; row < wanted; ++row)
    press(Qt::Key_Down);
  press(Qt::Key_Return);
}

void ComposerDriver::set(QWidget& in, const QString& name, const QString& value) {
  QWidget* control = m_problem.isEmpty() ? find(in, name) : nullptr;
  if (control == nullptr)
    return;
  if (qobject_cast<QComboBox*>(control) != nullptr) {
    choose(*control, value);
  } else if (const auto* box = qobject_cast<QCheckBox*>(control)) {
    if (box->isChecked() != (value == QLatin1String("on")))
      click(*control);
  } else {
    replaceText(*control, value);
  }
}

void ComposerDriver::setField(widgets::FormTab tab, const QString& name, const QString& value) {
  auto* tabs = qobject_cast<QTabBar*>(
      find(*m_window.experiment(), QStringLiteral("Parts of the experiment")));
  if (tabs == nullptr)
    return;
  if (m_window.experiment()->currentTab() != tab)
    click(*tabs, tabs->tabRect(static_cast<int>(tab)).center());
  set(*m_window.experiment(), name, value);
}

void ComposerDriver::clickButton(QWidget& in, const QString& name) {
  if (QWidget* button = m_problem.isEmpty() ? find(in, name) : nullptr)
    click(*button);
}

void ComposerDriver::newEmptyDraft() {
  press(Qt::Key_N, Qt::ControlModifier);
  press(Qt::Key_1, Qt::ControlModifier);
  typePattern({});
  setField(QStringLiteral("Test keys by residue"), QStringLiteral("off"));
}

void ComposerDriver::typePattern(const QString& text, int form) {
  setField(QStringLiteral("Pattern of form %1").arg(form), text);
}

void ComposerDriver::addForm(int form, const QString& pattern) {
  clickButton(*composer(), QStringLiteral("Add form"));
  typePattern(pattern, form);
}

void ComposerDriver::addAnchor(int token, const QString& operation) {
  auto& card = *m_window.composer()->anchors();
  clickButton(card, QStringLiteral("Add anchor"));
  // The cell that one types into next is the operation's, all of it marked.
  type(operation);
  const QWidget* cell = QApplication::focusWidget();
  const QString proposed = cell == nullptr ? QString() : cell->accessibleName().section(' ', -1);
  if (proposed != QString::number(token))
    set(card, QStringLiteral("Token, anchor %1").arg(proposed), QString::number(token));
}

void ComposerDriver::addMissingAnchor(int token, const QString& operation) {
  clickButton(*m_window.composer()->anchors(), QStringLiteral("Add anchor %1").arg(token));
  type(operation);
}

void ComposerDriver::setAnchorKeys(int token, const QString& intervals) {
  // Once there are such keys, the card of held-out rules has a field of this name too.
  set(*m_window.composer()->anchors(),
      QStringLiteral("Never trained with keys, anchor %1").arg(token), intervals);
}

void ComposerDriver::allowAnchors(const QString& variable, const QString& tokens) {
  setField(QStringLiteral("Anchors that %1 may be").arg(variable), tokens);
}

void ComposerDriver::drawKeysFrom(const QString& key, const QString& intervals) {
  setField(QStringLiteral("Keys of %1").arg(key), intervals);
}

void ComposerDriver::holdOutResidue(const QString& key, int rule) {
  setField(QStringLiteral("Test keys by residue"), QStringLiteral("on"));
  setField(QStringLiteral("Key, held-out rule %1").arg(rule), key);
}

/// The menu of a button has an event loop of its own: its keys are pressed in there.
void ComposerDriver::chooseInMenu(QWidget& in, const QString& name, const QString& entry) {
  const auto* button = m_problem.isEmpty() ? qobject_cast<QPushButton*>(find(in, name)) : nullptr;
  QMenu* menu = button == nullptr ? nullptr : button->menu();
  if (menu == nullptr) {
    fail(QStringLiteral("“%1” has no menu.").arg(name));
    return;
  }
  const auto pick = [this, menu, entry] {
    for (int tries = 0; tries <= menu->actions().size(); ++tries) {
      press(Qt::Key_Down);
      if (menu->activeAction() != nullptr && menu->activeAction()->text() == entry) {
        press(Qt::Key_Return);
        return;
      }
    }
    menu->close();
    fail(QStringLiteral("The menu has no “%1”.").arg(entry));
  };
  QObject::connect(
      menu, &QMenu::aboutToShow, &m_window, pick,
      static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
  clickButton(in, name);
}

void ComposerDriver::holdOutExpression(const QString& expression, int rule) {
  auto& card = *m_window.composer()->heldOut();
  chooseInMenu(card, QStringLiteral("Add rule"), QStringLiteral("Keys by expression"));
  set(card, QStringLiteral("Expression, held-out rule %1").arg(rule), expression);
}

QRect ComposerDriver::pairCell(int first, int second) {
  QCoreApplication::processEvents();
  const auto& matrix = *m_window.composer()->findChild<widgets::PairMatrix*>();
  const QString wanted = QStringLiteral("First %1, second %2, ").arg(first).arg(second);
  for (int row = 0; row < matrix.rows(); ++row) {
    for (int column = 0; column < matrix.columns(); ++column) {
      if (matrix.cellText(row, column).startsWith(wanted))
        return matrix.cellRect(row, column);
    }
  }
  fail(QStringLiteral("There is no pair %1, %2.").arg(first).arg(second));
  return {};
}

void ComposerDriver::paintPair(int first, int second, core::CombinationState state) {
  static const QString kBrushes[] = {QStringLiteral("A click sets Trained"),
                                     QStringLiteral("A click sets Held out"),
                                     QStringLiteral("A click sets Relabelled")};
  clickButton(*composer(), kBrushes[static_cast<int>(state)]);
  const QRect cell = m_problem.isEmpty() ? pairCell(first, second) : QRect();
  if (!cell.isEmpty())
    click(*m_window.composer()->findChild<widgets::PairMatrix*>(), cell.center());
}

void ComposerDriver::relabelPair(int first, int second, const QString& operation) {
  paintPair(first, second, core::CombinationState::Relabelled);
  press(Qt::Key_Return);
  if (m_problem.isEmpty() &&
      QApplication::focusWidget()->accessibleName() != QLatin1String("Operation in training"))
    fail(QStringLiteral("Return on a relabelled pair does not edit its operation."));
  type(operation);
  press(Qt::Key_Return);
}

}  // namespace anchorlens::tests
