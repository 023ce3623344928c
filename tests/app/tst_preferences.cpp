// SPDX-License-Identifier: GPL-3.0-or-later
// Shortcuts that are edited in Preferences, by real events.
#include "app/anchorlens/preferences_dialog.h"
#include "tests/app/window_rig.h"
#include "widgets/attention_view.h"

#include <QKeySequenceEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTreeWidget>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

class TestPreferences : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

  static PreferencesDialog* openShortcuts(tests::Desk& desk) {
    desk.window.actions()[QStringLiteral("preferences")]->trigger();
    auto* dialog = desk.window.findChild<PreferencesDialog*>();
    if (dialog != nullptr)
      dialog->findChild<QTabWidget*>()->setCurrentIndex(1);
    return dialog;
  }
  static void choose(const PreferencesDialog& dialog, const char* id) {
    auto* list = dialog.findChild<QTreeWidget*>();
    for (int row = 0; row < list->topLevelItemCount(); ++row) {
      QTreeWidgetItem* item = list->topLevelItem(row);
      if (item->data(0, Qt::UserRole).toString() == QLatin1String(id))
        list->setCurrentItem(item);
    }
    QVERIFY(list->currentItem() != nullptr);
  }
  static void click(const PreferencesDialog& dialog, const char* text) {
    for (auto* button : dialog.findChildren<QPushButton*>()) {
      if (button->text() == QLatin1String(text)) {
        QTest::mouseClick(button, Qt::LeftButton);
        return;
      }
    }
    QFAIL(text);
  }

 private slots:
  void init() { m_rig.begin(); }

  void conflictsAreRefusedInPlace_data() {
    QTest::addColumn<QString>("keys");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* keys, const char* problem) {
      QTest::newRow(keys) << QString::fromLatin1(keys) << QString::fromUtf8(problem);
    };
    row("Ctrl+E", "Ctrl+E belongs to “Export…” already.");
    row("F5", "F5 belongs to “Run / Pause” already.");  // its second
    // A acts at once: B would never be waited for.
    row("A, B", "A belongs to “Ablate head” already.");
    row("Alt+F", "Alt+F belongs to “File” already.");  // the menu
    QTest::newRow("no keys") << QString()
                             << QStringLiteral(
                                    "Choose an action and press its new keys in the field.");
  }
  void conflictsAreRefusedInPlace() {
    QFETCH(QString, keys);
    QFETCH(QString, problem);
    const auto desk = m_rig.open();
    auto* dialog = openShortcuts(*desk);
    QVERIFY(dialog != nullptr);
    choose(*dialog, "values");
    dialog->findChild<QKeySequenceEdit*>()->setKeySequence(
        QKeySequence(keys, QKeySequence::PortableText));
    click(*dialog, "Set");
    QCOMPARE(dialog->problem(), problem);
    QCOMPARE(desk->window.actions().keyOf(QStringLiteral("values")), QStringLiteral("V"));
    QVERIFY(desk->settings.shortcuts.isEmpty());
  }

  /// Nor one key where two are in use that begin with it.
  void theBeginningOfTwoKeysIsTaken() {
    const auto desk = m_rig.open();
    auto* dialog = openShortcuts(*desk);
    QVERIFY(dialog != nullptr);
    const auto set = [&](const char* id, const char* keys) {
      choose(*dialog, id);
      dialog->findChild<QKeySequenceEdit*>()->setKeySequence(
          QKeySequence(QString::fromLatin1(keys), QKeySequence::PortableText));
      click(*dialog, "Set");
    };
    set("tour", "Ctrl+J, Ctrl+T");
    QCOMPARE(dialog->problem(), QString());
    set("about", "Ctrl+J, Ctrl+A");  // beside it
    QCOMPARE(dialog->problem(), QString());
    set("gallery", "Ctrl+J");
    QCOMPARE(dialog->problem(), QStringLiteral("Ctrl+J, Ctrl+T belongs to “Tour” already."));
    QCOMPARE(desk->window.actions().keyOf(QStringLiteral("gallery")), QString());
  }

  void aNewShortcutActsAndIsKept() {
    const auto desk = m_rig.open();
    auto* dialog = openShortcuts(*desk);
    QVERIFY(dialog != nullptr);
    choose(*dialog, "values");
    auto* edit = dialog->findChild<QKeySequenceEdit*>();
    QTest::keyClick(edit, Qt::Key_F8);
    click(*dialog, "Set");
    QCOMPARE(dialog->problem(), QString());
    const QString id = QStringLiteral("values");
    const QList<QKeySequence> f8{QKeySequence(Qt::Key_F8)};
    QCOMPARE(desk->window.actions()[id]->shortcuts(), f8);
    QCOMPARE(readSettings(settingsFile()).shortcuts.value(id), f8);
    dialog->close();
    QVERIFY(QTest::qWaitForWindowActive(&desk->window));
    const bool before = desk->window.attention()->options().values;
    QTest::keyClick(&desk->window, Qt::Key_V);
    QCOMPARE(desk->window.attention()->options().values, before);
    QTest::keyClick(&desk->window, Qt::Key_F8);
    QCOMPARE(desk->window.attention()->options().values, !before);
    // What nobody has any more can be given to another, and then not be taken back.
    QTRY_VERIFY(desk->window.findChild<PreferencesDialog*>() == nullptr);
    dialog = openShortcuts(*desk);
    choose(*dialog, "tour");
    dialog->findChild<QKeySequenceEdit*>()->setKeySequence(QKeySequence(Qt::Key_V));
    click(*dialog, "Set");
    choose(*dialog, "values");
    click(*dialog, "Built-in");
    QCOMPARE(dialog->problem(), QStringLiteral("V belongs to “Tour” already."));
    choose(*dialog, "tour");
    click(*dialog, "Remove");
    choose(*dialog, "values");
    click(*dialog, "Built-in");
    QCOMPARE(desk->window.actions().keyOf(id), QStringLiteral("V"));
    QVERIFY(readSettings(settingsFile()).shortcuts.isEmpty());
  }
};

QTEST_MAIN(TestPreferences)
#include "tst_preferences.moc"
