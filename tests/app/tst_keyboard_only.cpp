// SPDX-License-Identifier: GPL-3.0-or-later
// A task composed and started by the keyboard alone: keys go to the window, never to a control.
#include "tests/app/window_rig.h"
#include "tests/session/fake_engine.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QtTest>

#include <memory>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;
constexpr int kMostTabs = 400;

QString nameOf(const QWidget* widget) {
  if (widget == nullptr)
    return {};
  const auto* button = qobject_cast<const QAbstractButton*>(widget);
  return button != nullptr && widget->accessibleName().isEmpty() ? button->text()
                                                                 : widget->accessibleName();
}

}  // namespace

class TestKeyboardOnly : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;
  QWidget* m_window = nullptr;

  void press(int key, Qt::KeyboardModifiers modifiers = {}) {
    QTest::keyClick(m_window->windowHandle(), static_cast<Qt::Key>(key), modifiers);
  }
  void type(const QString& text) {
    for (const QChar c : text)
      QTest::keyClick(m_window->windowHandle(), c.toLatin1());
  }
  /// Tab until a control of this name has the focus; a box that opens a section has its name too.
  bool tabTo(const QString& name) {
    for (int i = 0; i < kMostTabs; ++i) {
      const QWidget* focused = QApplication::focusWidget();
      if (nameOf(focused) == name && qobject_cast<const QCheckBox*>(focused) == nullptr)
        return true;
      press(Qt::Key_Tab);
    }
    return false;
  }

 private Q_SLOTS:

  void aTaskIsComposedAndStarted() {
    m_rig.begin();
    tests::Desk desk(m_rig.sessions());
    m_window = &desk.window;
    press(Qt::Key_1, Qt::ControlModifier);
    press(Qt::Key_A, Qt::ControlModifier);
    type("* x A B * -> B(A(x))");
    press(Qt::Key_Escape);  // the completion
    for (const char* operation : {"x+5", "x+1", "x-2", "x-8"}) {
      QVERIFY(tabTo("Add anchor"));
      press(Qt::Key_Return);
      type(operation);
      press(Qt::Key_Escape);
    }
    QVERIFY(tabTo("Anchor pairs"));
    // The matrix begins at (1,1).
    for (const int key : {Qt::Key_Down, Qt::Key_Down, Qt::Key_Right, Qt::Key_Right, Qt::Key_Right})
      press(key);
    press(Qt::Key_Space);

    const core::TaskSpec& task = desk.controller.draft().spec().task;
    QCOMPARE(task.forms[0].pattern, std::string("* x A B * -> B(A(x))"));
    std::vector<std::string> operations;
    for (const core::AnchorSpec& anchor : task.anchors)
      operations.push_back(anchor.operation);
    QCOMPARE(operations, (std::vector<std::string>{"x+5", "x+1", "x-2", "x-8"}));
    QCOMPARE(task.held_out.size(), std::size_t{2});
    QVERIFY(task.held_out[1] == core::HeldOutRule(core::AnchorsRule{{{"A", 3}, {"B", 4}}}));

    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.runAction() != RunAction::None, kSoonMs);
    press(Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() >= 0, kSoonMs);
    press(Qt::Key_F5, Qt::ShiftModifier);
  }
};

QTEST_MAIN(TestKeyboardOnly)
#include "tst_keyboard_only.moc"
