// SPDX-License-Identifier: GPL-3.0-or-later
// The first tour, by real events.
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/tour.h"
#include "tests/app/window_rig.h"
#include "widgets/flow/flow_view.h"

#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QtTest>

#include <cstdlib>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

QPushButton* buttonNamed(const QWidget* parent, const QString& text) {
  for (auto* button : parent->findChildren<QPushButton*>()) {
    if (button->text().remove(QLatin1Char('&')) == text && button->isVisible())
      return button;
  }
  return nullptr;
}

}  // namespace

class TestTour : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

 private slots:
  void init() { m_rig.begin(); }

  void fiveNotesPointAtWhatIsThere_data() {
    QTest::addColumn<QSize>("size");
    QTest::newRow("large") << QSize(1600, 1000);
    QTest::newRow("compact") << QSize(1366, 768);
    QTest::newRow("smallest") << QSize(1024, 640);
  }
  void fiveNotesPointAtWhatIsThere() {
    QFETCH(QSize, size);
    tests::Desk desk(m_rig.sessions(), size);
    QPushButton* start = buttonNamed(&desk.window, QStringLiteral("Tour"));
    QVERIFY(start != nullptr);  // on the card of the first start
    QTest::mouseClick(start, Qt::LeftButton);
    QVERIFY(desk.window.tour() != nullptr);
    for (int i = 0; i < 5; ++i) {
      QCOMPARE(desk.window.tour()->stop(), i);
      const Callout* note = desk.window.tour()->note();
      QVERIFY(note->isVisible());
      QVERIFY2(desk.window.rect().contains(note->geometry()), qPrintable(QString::number(i)));
      QVERIFY(note->accessibleName().startsWith(QStringLiteral("Tour, %1 of 5.").arg(i + 1)));
      QVERIFY(buttonNamed(note, QStringLiteral("Leave")) != nullptr);
      QCOMPARE(buttonNamed(note, QStringLiteral("Back"))->isEnabled(), i > 0);
      QPushButton* next =
          buttonNamed(note, i < 4 ? QStringLiteral("Next") : QStringLiteral("Done"));
      QVERIFY(next != nullptr);
      // The first note points at the button that trains, the fourth at the tab Flow.
      if (i == 0) {
        auto* run = desk.window.toolbar()->runButton();
        const QRect target(run->mapTo(&desk.window, QPoint(0, 0)), run->size());
        QVERIFY(!note->geometry().intersects(target));
        QVERIFY(note->geometry().left() <= target.center().x() &&
                note->geometry().right() >= target.center().x());
      }
      if (i == 3) {
        QTabBar* tabs = desk.window.tabs()->tabBar();
        const auto* flow = desk.window.tabs()->findChild<widgets::FlowView*>();
        const QRect tab = tabs->tabRect(desk.window.tabs()->indexOf(flow));
        QVERIFY(!tab.isEmpty());
        const int middle = tabs->mapTo(&desk.window, tab.center()).x();
        QVERIFY2(std::abs(note->geometry().center().x() - middle) <= 1,
                 qPrintable(QString::number(note->geometry().center().x() - middle)));
      }
      QTest::mouseClick(next, Qt::LeftButton);
    }
    QTRY_VERIFY(desk.window.tour() == nullptr);
    QVERIFY(desk.window.findChild<Callout*>() == nullptr);
  }

  void nothingWaitsForIt() {
    // The run must not be over before it is paused, however busy the machine is.
    m_rig.engine.behaviour.step_time = std::chrono::milliseconds(20);
    tests::Desk desk(m_rig.sessions());
    desk.window.actions()[QStringLiteral("tour")]->trigger();
    QVERIFY(desk.window.tour() != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.toolbar()->runButton()->isEnabled(), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Space);  // as the first note says
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Running, kSoonMs);
    QTest::mouseClick(buttonNamed(desk.window.tour()->note(), QStringLiteral("Next")),
                      Qt::LeftButton);
    QCOMPARE(desk.window.tour()->stop(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.actions()[QStringLiteral("run")]->isEnabled(), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Space);  // still trains and pauses
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Paused, kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.cursor().step(), std::int64_t{0}, kSoonMs);
    QVERIFY(desk.window.tour() != nullptr);
    QTest::keyClick(&desk.window, Qt::Key_Escape);
    QTRY_VERIFY(desk.window.tour() == nullptr);
    QTest::keyClick(&desk.window, Qt::Key_F5, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.training().phase(), Phase::Idle, kSoonMs);
  }

  void theKeyboardIsEnough() {
    tests::Desk desk(m_rig.sessions());
    desk.window.actions()[QStringLiteral("tour")]->trigger();
    QTest::keyClick(&desk.window, Qt::Key_N, Qt::AltModifier);
    QTRY_COMPARE(desk.window.tour()->stop(), 1);  // a button is seen to be pressed first
    QTest::keyClick(&desk.window, Qt::Key_B, Qt::AltModifier);
    QTRY_COMPARE(desk.window.tour()->stop(), 0);
    QTest::keyClick(&desk.window, Qt::Key_L, Qt::AltModifier);
    QTRY_VERIFY(desk.window.tour() == nullptr);
    // Twice: there is one.
    desk.window.actions()[QStringLiteral("tour")]->trigger();
    desk.window.actions()[QStringLiteral("tour")]->trigger();
    QTRY_COMPARE(desk.window.findChildren<Tour*>().size(), 1);
    QCOMPARE(desk.window.tour()->stop(), 0);
  }
};

QTEST_MAIN(TestTour)
#include "tst_tour.moc"
