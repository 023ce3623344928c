// SPDX-License-Identifier: GPL-3.0-or-later
// A precision that this machine has no instructions for is a problem of the draft; the file is not.
#include "app/anchorlens/main_toolbar.h"
#include "engine/core/experiment/choices.h"
#include "engine/core/experiment_json.h"
#include "engine/session/precision.h"
#include "tests/app/window_rig.h"
#include "tests/session/fake_engine.h"
#include "widgets/composer/checks_card.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_field.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QStatusBar>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;

bool statusSays(const MainWindow& window, const QString& words) {
  const auto labels = window.statusBar()->findChildren<QLabel*>();
  return std::any_of(labels.begin(), labels.end(),
                     [&](const QLabel* label) { return label->text().contains(words); });
}

}  // namespace

class TestPrecisionWindow : public QObject {
  Q_OBJECT

  tests::WindowRig m_rig;

 private slots:
  void init() { m_rig.begin(); }

  void aPrecisionIsChosenAndRepaired_data() {
    QTest::addColumn<int>("down");
    QTest::addColumn<QString>("name");
    QTest::newRow("bfloat16") << 1 << QStringLiteral("bfloat16");
    QTest::newRow("tf32") << 2 << QStringLiteral("tf32");
  }
  void aPrecisionIsChosenAndRepaired() {
    QFETCH(int, down);
    QFETCH(QString, name);
    tests::Desk desk(m_rig.sessions(), {1366, 768});
    const auto is_runnable = [&] { return desk.window.toolbar()->runButton()->isEnabled(); };
    QTRY_VERIFY_WITH_TIMEOUT(is_runnable(), kSoonMs);
    const core::ExperimentSpec before = desk.controller.draft().spec();
    auto* panel = desk.window.experiment();
    panel->setCurrentTab(widgets::FormTab::Training);
    auto* field = panel->field(QStringLiteral("/training/precision"));
    auto* choice = qobject_cast<QComboBox*>(field->editor());
    choice->setFocus();
    for (int i = 0; i < down; ++i)
      QTest::keyClick(choice, Qt::Key_Down);
    const auto& training = desk.controller.draft().spec().training;
    QCOMPARE(core::choiceName(core::kPrecisions, training.precision), name.toStdString());
    QTRY_VERIFY_WITH_TIMEOUT(statusSays(desk.window, name), kSoonMs);
    // The file is right wherever it is read.
    QVERIFY(core::checkExperiment(desk.controller.draft().spec()).empty());
    const auto problem = engine::precisionProblem(training);
    if (!problem) {
      QTRY_VERIFY_WITH_TIMEOUT(is_runnable(), kSoonMs);
      return;
    }
    QTRY_VERIFY_WITH_TIMEOUT(!is_runnable() && field->hasProblem(), kSoonMs);
    QVERIFY(field->problemLines().contains(QString::fromStdString(problem->message)));
    const auto repairs = [&] {
      return desk.window.composer()->checks()->problems()->findChildren<QPushButton*>();
    };
    QTRY_COMPARE_WITH_TIMEOUT(repairs().size(), 1, kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(repairs()[0]->text(), QStringLiteral("float32"));
    QTest::mouseClick(repairs()[0], Qt::LeftButton);
    QVERIFY(desk.controller.draft().spec() == before);
    QTRY_VERIFY_WITH_TIMEOUT(is_runnable() && !field->hasProblem(), kSoonMs);
    QVERIFY(!statusSays(desk.window, name));
  }
};

QTEST_MAIN(TestPrecisionWindow)
#include "tst_precision_window.moc"
