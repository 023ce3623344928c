// SPDX-License-Identifier: GPL-3.0-or-later
// The questions before the window closes, as Qt shows them, answered by keys and clicks.
#include "app/anchorlens/dialogs.h"
#include "widgets/number_format.h"

#include <QMessageBox>
#include <QPushButton>
#include <QTimer>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

/// What a box said.
struct Asked {
  QString text;
  QString details;
  QStringList buttons;
  QString first;  ///< that Enter presses
};

QString labelOf(const QAbstractButton* button) {
  return button != nullptr ? button->text().remove(QLatin1Char('&')) : QString();
}

}  // namespace

class TestCloseDialogs : public QObject {
  Q_OBJECT

  QtDialogs m_dialogs;
  Asked m_asked;

  /// Answers the box that opens next: "Enter", "Escape", "close" as the title bar does, or the
  /// text of a button that is clicked.
  void answerBy(const QString& how) {
    m_asked = {};
    QTimer::singleShot(0, this, [this, how] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (box == nullptr)
        qFatal("Nothing is asked.");
      m_asked = {box->text(), box->informativeText(), {}, labelOf(box->defaultButton())};
      QAbstractButton* wanted = box->buttons().constFirst();
      for (QAbstractButton* button : box->buttons()) {
        m_asked.buttons.append(labelOf(button));
        if (labelOf(button) == how)
          wanted = button;
      }
      m_asked.buttons.sort();
      if (how == QLatin1String("Enter"))
        QTest::keyClick(box, Qt::Key_Return);
      else if (how == QLatin1String("Escape"))
        QTest::keyClick(box, Qt::Key_Escape);
      else if (how == QLatin1String("close"))
        box->close();
      else
        QTest::mouseClick(wanted, Qt::LeftButton);
    });
  }

 private slots:
  void closingWhileTraining_data() {
    using Choice = Dialogs::CloseChoice;
    QTest::addColumn<QString>("how");
    QTest::addColumn<Choice>("choice");
    const auto row = [](const char* how, Choice choice) {
      QTest::newRow(how) << QString::fromLatin1(how) << choice;
    };
    row("Enter", Choice::PauseAndSave);  // nothing is lost by a hasty key
    row("Pause and save", Choice::PauseAndSave);
    row("Stop", Choice::Stop);
    row("Cancel", Choice::Cancel);
    row("Escape", Choice::Cancel);
    row("close", Choice::Cancel);
  }
  void closingWhileTraining() {
    QFETCH(QString, how);
    QFETCH(Dialogs::CloseChoice, choice);
    answerBy(how);
    QCOMPARE(m_dialogs.closeWhileTraining(nullptr, QStringLiteral("Run 7")), choice);
    QCOMPARE(m_asked.text, QStringLiteral("Run 7 is training."));
    QCOMPARE(m_asked.details, QStringLiteral("It can be continued later from the Runs list."));
    QCOMPARE(m_asked.buttons, (QStringList{"Cancel", "Pause and save", "Stop"}));
    QCOMPARE(m_asked.first, QStringLiteral("Pause and save"));
  }

  void closingUnsaved_data() {
    using Choice = Dialogs::UnsavedChoice;
    QTest::addColumn<QString>("how");
    QTest::addColumn<Choice>("choice");
    const auto row = [](const char* how, Choice choice) {
      QTest::newRow(how) << QString::fromLatin1(how) << choice;
    };
    row("Enter", Choice::TryAgain);
    row("Try again", Choice::TryAgain);
    row("Close without saving", Choice::Close);
    row("Cancel", Choice::Cancel);
    row("Escape", Choice::Cancel);
    row("close", Choice::Cancel);
  }
  void closingUnsaved() {
    QFETCH(QString, how);
    QFETCH(Dialogs::UnsavedChoice, choice);
    answerBy(how);
    QCOMPARE(m_dialogs.closeUnsaved(nullptr, QStringLiteral("Run 7"), 1200), choice);
    QCOMPARE(m_asked.text, QStringLiteral("Run 7 could not be saved."));
    QVERIFY2(m_asked.details.endsWith(QStringLiteral("the last checkpoint is lost: %1 steps.")
                                          .arg(widgets::formatInteger(1200))),
             qPrintable(m_asked.details));
    QCOMPARE(m_asked.buttons, (QStringList{"Cancel", "Close without saving", "Try again"}));
    QCOMPARE(m_asked.first, QStringLiteral("Try again"));
  }

  /// How much is lost is not known of a run that was taken out of the list.
  void anUnknownLossIsNotCounted() {
    answerBy(QStringLiteral("Cancel"));
    m_dialogs.closeUnsaved(nullptr, QStringLiteral("A run"), 0);
    QVERIFY2(m_asked.details.endsWith(QStringLiteral("since the last checkpoint is lost.")),
             qPrintable(m_asked.details));
  }
};

QTEST_MAIN(TestCloseDialogs)
#include "tst_close_dialogs.moc"
