// SPDX-License-Identifier: GPL-3.0-or-later
// The tab Weights, by real events, with the real engine.
#include "app/anchorlens/action_finder.h"
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/export/render_command.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/weights_control.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"
#include "widgets/number_dialog.h"
#include "widgets/number_format.h"
#include "widgets/plain_number.h"
#include "widgets/weights/weights_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;

QString weightsOf(std::int64_t step) {
  return QStringLiteral("weights of step ") + widgets::formatInteger(step);
}

QByteArray contentsOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestWindowWeights : public QObject {
  Q_OBJECT

  std::unique_ptr<tests::TemporaryHome> m_home;
  KeyFilter m_keys;

  /// A click on the tab's text.
  static void openTab(tests::Desk& desk) {
    QTabBar* bar = desk.window.tabs()->tabBar();
    const int index = desk.window.tabs()->indexOf(desk.window.weights());
    QVERIFY(index >= 0);
    QCOMPARE(bar->tabText(index), QStringLiteral("Weights"));
    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(index).center());
    QVERIFY(desk.window.weights()->isVisible());
  }

  static void train(tests::Desk& desk, const core::ExperimentSpec& spec) {
    desk.controller.draft().load(spec, {});
    desk.controller.training().setPace(std::nullopt);
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.toolbar()->runButton()->isEnabled(), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr, kSoonMs);
  }

  static void trainToItsEnd(tests::Desk& desk, const core::ExperimentSpec& spec) {
    train(desk, spec);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.shownRun()->state(), core::RunState::Finished,
                              kSoonMs);
    const auto last = [&desk] {
      const auto& checkpoints = desk.controller.shownRun()->history().checkpoints();
      return checkpoints.empty() ? std::int64_t{-1} : checkpoints.back();
    };
    QTRY_COMPARE_WITH_TIMEOUT(last(), std::int64_t{40}, kSoonMs);
  }

 private slots:
  void initTestCase() { qApp->installEventFilter(&m_keys); }
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void theStepUnderTheCursorIsNamed() {
    tests::Desk desk;
    auto* view = desk.window.weights();
    openTab(desk);
    QTRY_VERIFY(view->statusText().isEmpty());  // a draft
    trainToItsEnd(desk, tests::tinyExperiment());
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(40), kSoonMs);
    QCOMPARE(view->board()->views().size(), std::size_t{4});
    // One frame back is between two checkpoints: the earlier one is shown, and named.
    QTest::keyClick(&desk.window, Qt::Key_Comma);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.cursor().step(), std::int64_t{30}, kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(20), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(0), kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_End);
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(40), kSoonMs);
    // Over time has every checkpoint, and the cursor.
    QTRY_VERIFY_WITH_TIMEOUT(view->picture()->is_complete, kSoonMs);
    const widgets::Plot& over_time = *view->picture()->plots[3];
    QCOMPARE(over_time.lines()->lines[0].xs, (std::vector<double>{0, 20, 40}));
    QCOMPARE(over_time.lines()->cursor, std::optional(40.0));
  }

  /// It is the plot that had the focus before the finder that is copied.
  void theFinderCopiesThePlotThatHadTheFocus() {
    tests::Desk desk;
    auto* view = desk.window.weights();
    trainToItsEnd(desk, tests::tinyExperiment());
    openTab(desk);
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(40), kSoonMs);
    const auto& plots = view->board()->views();
    plots.front()->setFocus();
    const QString others = view->numbers().tsv();
    plots.back()->setFocus();
    const QString numbers = view->numbers().tsv();
    QVERIFY(numbers != others);
    desk.window.actions()[QStringLiteral("find-action")]->trigger();
    auto* finder = desk.window.findChild<ActionFinder*>();
    QVERIFY(QTest::qWaitForWindowActive(finder));
    auto* text = finder->findChild<QLineEdit*>();
    QTest::keyClicks(text, QStringLiteral("copy numbers"));
    QCOMPARE(view->numbers().tsv(), numbers);  // the finder has the focus
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(QApplication::clipboard()->text(), numbers);
  }

  void hoverKeyboardTableAndFileTellTheSame() {
    tests::Desk desk;
    auto* view = desk.window.weights();
    trainToItsEnd(desk, tests::tinyExperiment());
    openTab(desk);
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(40), kSoonMs);
    auto buttons = view->findChildren<QPushButton*>();
    const auto circuits = std::find_if(buttons.begin(), buttons.end(), [](const auto* button) {
      return button->text() == QLatin1String("Circuits");
    });
    QTest::mouseClick(*circuits, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->board()->views().size(), std::size_t{7}, kSoonMs);
    widgets::PlotView* large = view->board()->largeView();
    QCOMPARE(large->plot()->id, QStringLiteral("qk-tokens"));
    QCOMPARE(large->plot()->matrix()->rows, 50);
    // The 22 tokens of the task alone, and back.
    auto* all = view->findChild<QCheckBox*>();
    QTest::mouseClick(all, Qt::LeftButton, {}, QPoint(8, all->height() / 2));
    QTRY_COMPARE_WITH_TIMEOUT(large->plot()->matrix()->rows, 22, kSoonMs);
    QCOMPARE(large->plot()->matrix()->row_labels[0].text, QStringLiteral("3"));
    QTest::mouseClick(all, Qt::LeftButton, {}, QPoint(8, all->height() / 2));
    QTRY_COMPARE_WITH_TIMEOUT(large->plot()->matrix()->rows, 50, kSoonMs);

    const QPoint cell =
        widgets::itemRect(large->plotLayout(), *large->plot(), {3, 20}).center().toPoint();
    QTest::mouseMove(large, cell);
    QTRY_COMPARE(large->item(), (widgets::PlotItem{3, 20}));
    QVERIFY(large->accessibleDescription().contains(QStringLiteral("Reader token 3, anchor")));
    large->setFocus();
    QTest::keyClick(large, Qt::Key_Right);
    QCOMPARE(large->item(), (widgets::PlotItem{3, 21}));
    QVERIFY(large->accessibleDescription().contains(QStringLiteral("Source token 21")));

    QTest::keyClick(large, Qt::Key_T);
    QTRY_VERIFY(desk.window.findChild<widgets::NumberDialog*>() != nullptr);
    auto* table = desk.window.findChild<widgets::NumberDialog*>()->findChild<QTableView*>();
    QCOMPARE(table->model()->rowCount(), 2500);
    const double shown = static_cast<double>(large->plot()->matrix()->at(3, 21));
    QCOMPARE(table->model()->index(3 * 50 + 21, 3).data().toString(),
             widgets::formatShort(shown, widgets::NumberModel::kDigits));
    desk.window.findChild<widgets::NumberDialog*>()->close();

    large->setFocus();
    desk.window.actions()[QStringLiteral("export")]->trigger();
    ExportDialog* dialog = desk.window.exportDialog();
    dialog->setKind(QStringLiteral("plot"));
    dialog->setFormats({QStringLiteral("csv")});
    dialog->setFilePattern(m_home->path(QStringLiteral("{view}_{step}")));
    QCOMPARE(dialog->files(), QStringList{m_home->path(QStringLiteral("circuits_40.csv"))});
    QVERIFY(dialog->commandLine().contains(QStringLiteral("--view circuits --at 40")));
    QVERIFY(dialog->commandLine().contains(QStringLiteral("--plot qk-tokens")));
    QTest::mouseClick(dialog->exportButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(contentsOf(dialog->files().front()), view->numbers().csv(), kSoonMs);
    QVERIFY(view->numbers().csv().contains(QByteArray("qk-tokens,3,21,") +
                                           widgets::formatExact(shown).toUtf8() + '\n'));
    // The command that the dialog shows writes the same bytes.
    QStringList words = dialog->commandLine().split(QLatin1Char(' ')).mid(2);
    words.last() = m_home->path(QStringLiteral("again.csv"));
    QCOMPARE(runRender(words), 0);
    QCOMPARE(contentsOf(words.last()), view->numbers().csv());
  }

  void everyViewIsDrawnIntoFiles() {
    tests::Desk desk;
    trainToItsEnd(desk, tests::tinyExperiment());
    const QString run = toText(desk.controller.shownRun()->directory());
    for (const char* view : {"weights", "circuits"}) {
      QStringList words{run,
                        QStringLiteral("--view"),
                        QString::fromLatin1(view),
                        QStringLiteral("--at"),
                        QStringLiteral("25"),
                        QStringLiteral("-o")};
      for (const char* suffix : {"svg", "pdf", "png", "csv", "npz"})
        words << m_home->path(QString::fromLatin1(view) + QLatin1Char('.') +
                              QString::fromLatin1(suffix));
      QCOMPARE(runRender(words), 0);
      for (const QString& file : words.mid(6))
        QVERIFY2(contentsOf(file).size() > 500, qPrintable(file));
      QVERIFY(contentsOf(words[6]).contains("step 20"));  // the checkpoint before
      QVERIFY(!contentsOf(words[6]).contains("<image"));  // no raster in vectors
    }
    const QString out = m_home->path(QStringLiteral("x.csv"));
    QCOMPARE(runRender({run, "--view", "circuits", "--fold", "-o", out}), 2);
    QCOMPARE(runRender({run, "--view", "circuits", "--head", "7.0", "-o", out}), 2);
    QCOMPARE(runRender({run, "--view", "weights", "--plot", "ov", "-o", out}), 2);
    QCOMPARE(runRender({run, "--view", "weights", "--matrix", "none", "-o", out}), 2);
    QVERIFY(!QFile::exists(out));
  }

  void theSelectedHeadIsTheWindows() {
    tests::Desk desk;
    trainToItsEnd(desk, tests::tinyExperiment());
    openTab(desk);
    auto* view = desk.window.weights();
    desk.window.attention()->selectHead(1, 0);
    QCOMPARE(view->choice().head, (core::analysis::HeadPlace{1, 0}));
    QTest::keyClick(&desk.window, Qt::Key_H);
    QTRY_COMPARE(view->choice().head, (core::analysis::HeadPlace{0, 0}));
    QCOMPARE(desk.window.attention()->options().layer, 0);
  }

  void helpTellsDefinitionsAndSources() {
    tests::Desk desk;
    openTab(desk);
    QTest::keyClick(&desk.window, Qt::Key_F1);
    QTRY_VERIFY(desk.window.findChild<QTextBrowser*>() != nullptr);
    const QString help = desk.window.findChild<QTextBrowser*>()->toPlainText();
    for (const char* word : {"Elhage", "2401.08309", "stable rank", "0.8", "anchorctl circuits"})
      QVERIFY2(help.contains(QLatin1String(word)), word);
    // The shortcut of the tab.
    desk.window.findChild<QTextBrowser*>()->window()->close();
    desk.window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.window));
    desk.window.tabs()->setCurrentWidget(desk.window.attention());
    QTest::keyClick(&desk.window, Qt::Key_4, Qt::ControlModifier);
    QTRY_VERIFY(desk.window.weights()->isVisible());
  }

  void modelsWithoutHeadsSaySo() {
    tests::Desk desk;
    auto spec = tests::tinyExperiment();
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    trainToItsEnd(desk, spec);
    openTab(desk);
    auto* view = desk.window.weights();
    QTRY_COMPARE_WITH_TIMEOUT(view->statusText(), weightsOf(40), kSoonMs);
    auto choice = view->choice();
    choice.page = widgets::WeightsPage::Circuits;
    view->setChoice(choice);
    emit view->choiceChanged();
    QTRY_VERIFY_WITH_TIMEOUT(!view->board()->isVisible(), kSoonMs);
    QCOMPARE(view->picture()->empty_text, QStringLiteral("This model has no heads."));
  }

  void whatCannotBeReadIsToldOfItsOwnRunAlone() {
    widgets::WeightsView view;
    WeightsControl control(&view);
    view.show();
    const auto says = [&view](const char* text) {
      const auto labels = view.findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [text](const QLabel* label) {
        return label->isVisible() && label->text().contains(QLatin1String(text));
      });
    };
    WeightsControl::Subject subject;
    subject.run = toPath(m_home->path(QStringLiteral("gone")));
    subject.model = core::ModelSpec();
    subject.checkpoints = {0};
    control.show(subject);
    QTRY_VERIFY_WITH_TIMEOUT(says("gone"), kSoonMs);
    subject.run = toPath(m_home->path(QStringLiteral("another")));
    control.show(subject);
    QVERIFY(!says("gone"));
    QTRY_VERIFY_WITH_TIMEOUT(says("another"), kSoonMs);
  }

  /// Training goes on while the tab follows it, and the window is never busy for long.
  void trainingGoesOnBehindIt() {
    auto* watched = dynamic_cast<tests::WatchedApplication*>(qApp);
    QVERIFY(watched != nullptr);
    tests::Desk desk;
    auto spec = tests::endlessExperiment();
    spec.task.d_vocab = 201;
    spec.model.d_model = 64;
    spec.model.n_heads = 2;
    spec.record.checkpoints = {50, 0};
    spec.record.frames = {25, 0};
    train(desk, spec);
    openTab(desk);
    auto* view = desk.window.weights();
    QTRY_VERIFY_WITH_TIMEOUT(view->picture() && view->picture()->step >= 100, kSoonMs);
    const std::int64_t before = desk.controller.shownRun()->lastStep();
    // What the tab itself takes: the Timeline, which paints as often, is watched elsewhere.
    for (auto* dock : desk.window.findChildren<QDockWidget*>())
      dock->hide();
    QTest::qWait(200);
    QApplication::clipboard()->clear();
    watched->startWatch();
    for (const auto page : {widgets::WeightsPage::Weights, widgets::WeightsPage::Circuits}) {
      auto choice = view->choice();
      choice.page = page;
      view->setChoice(choice);
      emit view->choiceChanged();
      QTRY_VERIFY_WITH_TIMEOUT(view->picture()->choice.page == page, kSoonMs);
      // Back and forth through time while it grows.
      for (int round = 0; round < 12; ++round) {
        QTest::keyClick(&desk.window, round % 4 == 3 ? Qt::Key_Home : Qt::Key_Comma);
        QTest::qWait(60);
      }
    }
    view->board()->largeView()->setFocus();
    QTest::keyClick(view->board()->largeView(), Qt::Key_C, Qt::ControlModifier);
    const auto is_copied = [] {
      const QMimeData* data = QApplication::clipboard()->mimeData();
      return data != nullptr && data->hasFormat(QStringLiteral("image/svg+xml"));
    };
    QTRY_VERIFY_WITH_TIMEOUT(is_copied(), kSoonMs);
    const auto longest = watched->stopWatch();
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun()->lastStep() > before + 100, kSoonMs);
    // Painting all plots anew is the longest: below a tick of the window, also beside other work.
    QVERIFY2(longest.cpu_ms < Controller::kTickMs,
             longest.what + ": " + QByteArray::number(longest.cpu_ms) + " ms of processor time");
    QTest::keyClick(&desk.window, Qt::Key_F5, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(desk.controller.shownRun()->state(), core::RunState::Stopped,
                              kSoonMs);
    watched->startWatch();
    QTest::keyClick(view->board()->largeView(), Qt::Key_T);
    QTest::qWait(300);
    const auto table = watched->stopWatch();
    qInfo("longest event %.1f ms of processor time (%s); the table of numbers %.1f ms (%s)",
          longest.cpu_ms, longest.what.constData(), table.cpu_ms, table.what.constData());
    QVERIFY(table.cpu_ms < Controller::kTickMs);
  }

  void theSessionKeepsThePage() {
    {
      tests::Desk desk;
      openTab(desk);
      auto choice = desk.window.weights()->choice();
      choice.page = widgets::WeightsPage::Circuits;
      choice.reading = core::analysis::Reading::Embedding;
      desk.window.weights()->setChoice(choice);
      desk.window.saveSession();
    }
    tests::Desk desk;
    QVERIFY(desk.window.weights()->isVisible());
    QCOMPARE(desk.window.weights()->choice().page, widgets::WeightsPage::Circuits);
    QCOMPARE(desk.window.weights()->choice().reading, core::analysis::Reading::Embedding);
  }
};

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestWindowWeights test;
  return QTest::qExec(&test, argc, argv);
}
#include "tst_window_weights.moc"
