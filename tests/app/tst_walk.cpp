// SPDX-License-Identifier: GPL-3.0-or-later
// The way of somebody who opens the window for the first time, by real events and with the real
// engine: start, Space, wait for the labels, look back, select heads, export, close, open again.
#include "app/anchorlens/export/export_dialog.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "tests/app/stall_watch.h"
#include "tests/app/window_fixture.h"
#include "widgets/attention_view.h"
#include "widgets/panel_inspector.h"
#include "widgets/panel_runs.h"
#include "widgets/timeline.h"
#include "widgets/timeline_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QtTest>

#include <algorithm>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 20'000;
constexpr int kTrainingMs = 300'000;  // the demo takes half a minute on an idle core

const widgets::HeadTile& tile(const tests::Desk& desk, int layer) {
  return desk.window.attention()->grid()->tiles().at(static_cast<std::size_t>(layer));
}

bool hasLabel(const tests::Desk& desk, int layer, widgets::Mechanism mechanism) {
  const auto& tiles = desk.window.attention()->grid()->tiles();
  return static_cast<std::size_t>(layer) < tiles.size() &&
         tile(desk, layer).badge.mechanism == mechanism &&
         tile(desk, layer).badge.state == core::LabelState::Entered;
}

/// What a click at the middle of a tile's map does.
void clickHead(MainWindow& window, int layer) {
  auto* grid = window.attention()->grid();
  QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->mapRect(layer, 0).center());
}

void dragCursor(widgets::Timeline& timeline, std::int64_t from, std::int64_t to) {
  auto* plot = timeline.plot();
  const auto at = [&](std::int64_t step) {
    const QPoint point(static_cast<int>(timeline.xOfStep(step)), timeline.rulerRect().center().y());
    return plot->mapFrom(&timeline, point);
  };
  QTest::mousePress(plot, Qt::LeftButton, {}, at(from));
  for (int i = 1; i <= 8; ++i)
    QTest::mouseMove(plot, at(from + (to - from) * i / 8));
  QTest::mouseRelease(plot, Qt::LeftButton, {}, at(to));
}

QCheckBox* checkBox(QWidget* parent, const QString& text) {
  for (QCheckBox* box : parent->findChildren<QCheckBox*>()) {
    if (box->text().startsWith(text))
      return box;
  }
  return nullptr;
}

void setChecked(QCheckBox* box, bool on) {
  if (box->isChecked() != on)
    QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
}

}  // namespace

class TestWalk : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  KeyFilter m_keys;

  void exportEverything(tests::Desk& desk);
  void exportSeveral(ExportDialog& dialog);

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    QDir().mkpath(m_home.path(QStringLiteral("out")));
  }
  void aFirstHour();
};

void TestWalk::exportEverything(tests::Desk& desk) {
  QTest::keyClick(&desk.window, Qt::Key_E, Qt::ControlModifier);
  QTRY_VERIFY(desk.window.exportDialog() != nullptr);
  ExportDialog& dialog = *desk.window.exportDialog();
  auto* items = dialog.findChild<QListWidget*>();
  QSignalSpy finished(&dialog, &ExportDialog::finished);
  const std::map<QString, QString> formats{{"SVG", "svg"}, {"PDF", "pdf"}, {"PNG", "png"},
                                           {"CSV", "csv"}, {"NPZ", "npz"}, {"LaTeX", "tex"}};
  const std::map<QString, QByteArray> begins{{"svg", "<?xml"}, {"pdf", "%PDF-"}, {"png", "\x89PNG"},
                                             {"csv", ""},      {"npz", "PK"},    {"tex", "% "}};
  for (int row = 0; row < items->count(); ++row) {
    if (exportKinds()[static_cast<std::size_t>(row)]->of() == ExportKind::Of::Study) {
      QVERIFY(!(items->item(row)->flags() & Qt::ItemIsEnabled));  // no study is open
      continue;
    }
    if (QStringList{"compare", "compare-curves", "seeds"}.contains(
            exportKinds()[static_cast<std::size_t>(row)]->id())) {
      QVERIFY(!(items->item(row)->flags() & Qt::ItemIsEnabled));
      QVERIFY(items->item(row)->toolTip().contains("Compare"));
      continue;
    }
    QTest::mouseClick(items->viewport(), Qt::LeftButton, {},
                      items->visualItemRect(items->item(row)).center());
    QCOMPARE(items->currentRow(), row);
    for (const auto& [name, suffix] : formats) {
      QCheckBox* box = checkBox(&dialog, name);
      const bool is_there = dialog.kind().isFigure() && dialog.kind().suffixes().contains(suffix);
      QCOMPARE(box->isEnabled(), is_there);
      if (is_there)
        setChecked(box, true);
    }
    dialog.setFilePattern(m_home.path(QStringLiteral("out/%1_{view}").arg(row)));
    const QStringList files = dialog.files();
    // Animations: exportSeveral.
    QCOMPARE(files.size(), dialog.kind().suffixes().size() - (dialog.kind().moves() ? 2 : 0));
    QTRY_VERIFY_WITH_TIMEOUT(dialog.exportButton()->isEnabled(), kSoonMs);
    const auto before = finished.count();
    QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(finished.count(), before + 1, kSoonMs);
    if (dialog.kind().id() == QLatin1String("causal-table")) {
      // Nothing was tested yet.
      QVERIFY(finished.last().at(0).toString().contains("no causal tests"));
      QVERIFY(!QFile::exists(files.front()));
      continue;
    }
    for (const QString& name : files) {
      QFile file(name);
      QVERIFY2(file.open(QIODevice::ReadOnly),
               qPrintable(name + ": " + finished.last().at(0).toString()));
      const QByteArray content = file.readAll();
      QVERIFY2(content.size() > (name.endsWith("csv") ? 15 : 100), qPrintable(name));
      const auto begin = begins.find(QFileInfo(name).suffix());
      if (begin != begins.end())
        QVERIFY2(content.startsWith(begin->second), qPrintable(name));
      // A vector file holds no raster.
      if (name.endsWith(QLatin1String("svg")))
        QVERIFY2(!content.contains("<image"), qPrintable(name));
      if (name.endsWith(QLatin1String("pdf")))
        QVERIFY2(!content.contains("/Subtype /Image"), qPrintable(name));
    }
  }
  exportSeveral(dialog);
  dialog.close();
}

/// Ctrl adds to what is chosen: all of it is written at once, each by its own command.
void TestWalk::exportSeveral(ExportDialog& dialog) {
  QListWidget* items = dialog.items();
  dialog.setKind(QStringLiteral("curves"));
  dialog.setFormats({QStringLiteral("csv"), QStringLiteral("tex")});
  for (int row = 0; row < items->count(); ++row) {
    const QString id = exportKinds()[static_cast<std::size_t>(row)]->id();
    if (id == QLatin1String("scores") || id == QLatin1String("head-table"))
      QTest::mouseClick(items->viewport(), Qt::LeftButton, Qt::ControlModifier,
                        items->visualItemRect(items->item(row)).center());
  }
  dialog.setFilePattern(m_home.path(QStringLiteral("several/{view}")));
  QStringList names;
  for (const QString& file : dialog.files())
    names << QFileInfo(file).fileName();
  QCOMPARE(names, (QStringList{"curves.csv", "scores.csv", "head-table.csv", "head-table.tex"}));
  QCOMPARE(dialog.commandLine().count(QLatin1Char('\n')), 2);
  QSignalSpy finished(&dialog, &ExportDialog::finished);
  QTRY_VERIFY_WITH_TIMEOUT(dialog.exportButton()->isEnabled(), kSoonMs);
  QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kSoonMs);
  for (const QString& file : dialog.files())
    QVERIFY2(QFile::exists(file), qPrintable(file));

  // A scrub as an animation and as numbered pictures, every twentieth frame.
  dialog.setKind(QStringLiteral("head"));
  dialog.setFormats({QStringLiteral("gif"), kSeries});
  const auto fields = dialog.findChildren<QSpinBox*>();
  const auto every = std::find_if(fields.begin(), fields.end(), [](const QSpinBox* field) {
    return field->accessibleName() == QLatin1String("Every so many frames");
  });
  QVERIFY(every != fields.end());
  QVERIFY((*every)->isVisible());
  (*every)->setValue(20);
  dialog.setFilePattern(m_home.path(QStringLiteral("several/moving")));
  QTRY_VERIFY_WITH_TIMEOUT(dialog.exportButton()->isEnabled(), kSoonMs);
  QTest::mouseClick(dialog.exportButton(), Qt::LeftButton);
  QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kSoonMs);
  QVERIFY2(QFile(m_home.path(QStringLiteral("several/moving.gif"))).size() > 1000,
           qPrintable(finished.last().at(0).toString()));
  const QDir pictures(m_home.path(QStringLiteral("several/moving_frames")));
  QVERIFY(pictures.exists(QStringLiteral("000000000.png")));
  QVERIFY(pictures.entryList(QDir::Files).size() > 1);
}

void TestWalk::aFirstHour() {
  QString run_folder;
  std::int64_t look_at = 0;
  {
    tests::Desk desk;
    MainWindow& window = desk.window;
    Controller& controller = desk.controller;
    // First start: the demo, paced, its untrained heads drawn.
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{0}, kSoonMs);
    QCOMPARE(controller.draft().spec(), core::preset("demo"));
    QVERIFY(controller.training().pace().has_value());
    QTRY_VERIFY_WITH_TIMEOUT(window.toolbar()->runButton()->isEnabled(), kSoonMs);
    QTRY_COMPARE(window.attention()->grid()->tiles().size(), std::size_t{2});
    QVERIFY(!hasLabel(desk, 0, widgets::Mechanism::Shift));

    QTest::keyClick(&window, Qt::Key_Space);
    QTRY_COMPARE_WITH_TIMEOUT(controller.training().phase(), Phase::Running, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() > 3, kSoonMs);
    // Nothing gets lost of the picture when training begins.
    QCOMPARE(window.attention()->grid()->tiles().size(), std::size_t{2});
    QVERIFY(window.attention()->frame() == controller.frame());
    // The walk does not wait for the demo's pace.
    for (int i = 0; i < 6 && controller.training().pace(); ++i)
      QTest::keyClick(&window, Qt::Key_BracketRight, Qt::ShiftModifier);
    QVERIFY(!controller.training().pace().has_value());

    auto& application = static_cast<tests::WatchedApplication&>(*qApp);
    application.startWatch();
    QTRY_VERIFY_WITH_TIMEOUT(hasLabel(desk, 0, widgets::Mechanism::Shift) &&
                                 hasLabel(desk, 1, widgets::Mechanism::Broadcast),
                             kTrainingMs);
    const auto longest = application.stopWatch();
    qInfo(
        "training at full speed, %lld events: the longest took %.1f ms (%.1f ms of processor "
        "time: %s)",
        static_cast<long long>(application.events()), longest.wall_ms, longest.cpu_ms,
        longest.what.constData());

    // Three more evaluations tell where the labels came to stay.
    const widgets::RunHistory& history = controller.shownRun()->history();
    QTRY_VERIFY_WITH_TIMEOUT(history.emergence(0, 0, core::Label::Shift).has_value() &&
                                 history.emergence(1, 0, core::Label::Broadcast).has_value(),
                             kTrainingMs);
    const std::int64_t emergence = std::min(*history.emergence(0, 0, core::Label::Shift),
                                            *history.emergence(1, 0, core::Label::Broadcast));
    qInfo("shift since step %lld, broadcast since step %lld",
          static_cast<long long>(*history.emergence(0, 0, core::Label::Shift)),
          static_cast<long long>(*history.emergence(1, 0, core::Label::Broadcast)));

    // Back to before it: the picture follows the cursor, training goes on.
    look_at = emergence / 2;
    QTRY_VERIFY(!window.timeline()->plot()->lanes().empty());
    // Once more where the time axis grew under the pointer.
    for (int i = 0; i < 3 && window.timeline()->cursor() > look_at; ++i)
      dragCursor(*window.timeline(), window.timeline()->cursor(), look_at);
    QTRY_VERIFY_WITH_TIMEOUT(desk.shownStep() <= look_at && desk.shownStep() > 0, kSoonMs);
    look_at = desk.shownStep();
    QVERIFY(!controller.cursor().isFollowing());
    QVERIFY(!window.toolbar()->followButton()->isChecked());
    QTRY_VERIFY(!hasLabel(desk, 0, widgets::Mechanism::Shift));
    QVERIFY(!hasLabel(desk, 1, widgets::Mechanism::Broadcast));
    const std::int64_t trained = controller.readouts().step;
    QTRY_VERIFY_WITH_TIMEOUT(controller.readouts().step > trained, kSoonMs);
    QCOMPARE(desk.shownStep(), look_at);

    for (const int layer : {0, 1}) {
      clickHead(window, layer);
      QCOMPARE(window.attention()->options().layer, layer);
      QCOMPARE(window.attention()->large()->data().layer, layer);
      QVERIFY2(window.inspector()->title().contains(QStringLiteral("Layer %1").arg(layer)),
               qPrintable(window.inspector()->title()));
    }
    controller.training().setPace(30);  // else it may be over before the window is closed
    exportEverything(desk);
    controller.training().setPace(std::nullopt);

    // A click that went wrong is taken back; closing while training asks and saves.
    clickHead(window, 0);
    run_folder = toText(controller.shownRun()->directory());
    QVERIFY(!window.close());
    QTRY_VERIFY_WITH_TIMEOUT(!window.isVisible(), kSoonMs);
    QCOMPARE(desk.dialogs.asked, QStringList{"close Run 1"});
  }
  {
    tests::Desk desk;
    Controller& controller = desk.controller;
    QTRY_VERIFY_WITH_TIMEOUT(controller.shownRun() != nullptr && controller.shownRun()->isLoaded(),
                             kSoonMs);
    QCOMPARE(toText(controller.shownRun()->directory()), run_folder);
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), look_at, kSoonMs);
    QCOMPARE(controller.shownRun()->state(), core::RunState::Paused);
    QVERIFY(!controller.cursor().isFollowing());
    QCOMPARE(desk.window.attention()->options().layer, 0);
    QCOMPARE(desk.window.runsPanel()->model()->rows().size(), std::size_t{1});
    QVERIFY(!controller.training().pace().has_value());
    // It goes on from where it was.
    const std::int64_t step = controller.shownRun()->status().step;
    QTest::keyClick(&desk.window, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(controller.readouts().step > step, kSoonMs);
    QCOMPARE(desk.shownStep(), look_at);
    QTest::keyClick(&desk.window, Qt::Key_F);
    QTRY_VERIFY_WITH_TIMEOUT(hasLabel(desk, 0, widgets::Mechanism::Shift) &&
                                 hasLabel(desk, 1, widgets::Mechanism::Broadcast),
                             kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_F5, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(controller.shownRun()->state(), core::RunState::Stopped, kSoonMs);
    QVERIFY(desk.window.close());
  }
}

int main(int argc, char** argv) {
  tests::WatchedApplication application(argc, argv);
  TestWalk test;
  return QTest::qExec(&test, argc, argv);
}

#include "tst_walk.moc"
