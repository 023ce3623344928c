// SPDX-License-Identifier: GPL-3.0-or-later
// Other people's runs in, and weights out, in the window and with the real engine.
#include "app/anchorlens/export/export_kind.h"
#include "app/anchorlens/main_toolbar.h"
#include "app/anchorlens/message_bar.h"
#include "app/anchorlens/transfer_worker.h"
#include "engine/core/store/checkpoint.h"
#include "engine/session/import_run.h"
#include "tests/app/drop.h"
#include "tests/app/window_fixture.h"
#include "widgets/panel_runs.h"

#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {
constexpr int kSoonMs = 60'000;
const QString kData = QStringLiteral(ANCHORLENS_SOURCE_DIR "/tests/data/import/");
const QString kForeign = QString::fromUtf8(engine::kForeignText);
}  // namespace

class TestTransfer : public QObject {
  Q_OBJECT

  std::unique_ptr<tests::TemporaryHome> m_home;

  static const RunRecord* runNamed(const tests::Desk& desk, const QString& name) {
    for (const auto& run : desk.controller.runs().all()) {
      if (run->name() == name && run->isLoaded())
        return run.get();
    }
    return nullptr;
  }

 private slots:
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void aFolderOfThePapersCode() {
    tests::Desk desk;
    tests::drop(desk.window, {kData + QStringLiteral("paper")});
    QTRY_VERIFY_WITH_TIMEOUT(runNamed(desk, QStringLiteral("paper")) != nullptr, kSoonMs);
    const RunRecord* run = runNamed(desk, QStringLiteral("paper"));
    QCOMPARE(run->state(), core::RunState::Finished);
    QCOMPARE(run->history().checkpoints(), (std::vector<std::int64_t>{0, 4, 12}));
    QVERIFY(
        desk.window.messages()->text(QStringLiteral("import")).contains("37.5 % in its own log"));
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{12}, kSoonMs);

    // It cannot be continued, and both places say why.
    QTRY_COMPARE_WITH_TIMEOUT(desk.window.toolbar()->runButton()->toolTip(), kForeign, kSoonMs);
    QVERIFY(!desk.window.toolbar()->runButton()->isEnabled());
    const auto why = [&desk] {
      const auto& rows = desk.window.runsPanel()->model()->rows();
      return rows.empty() ? QString() : rows[0].continue_problem;
    };
    QTRY_COMPARE_WITH_TIMEOUT(why(), kForeign, kSoonMs);
    const std::unique_ptr<QMenu> menu(desk.window.runsPanel()->menuOf(run->id()));
    const QList<QAction*> actions = menu->actions();
    const auto found = std::find_if(actions.begin(), actions.end(),
                                    [](const QAction* a) { return a->text() == "Continue"; });
    QVERIFY(found != actions.end());
    QVERIFY(!(*found)->isEnabled());
    QCOMPARE((*found)->toolTip(), kForeign);

    checkWeights(desk);
    // The settings file stands for its folder; the name is taken.
    desk.dialogs.file_to_open = kData + QStringLiteral("paper/config.json");
    desk.window.actions()[QStringLiteral("import")]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(runNamed(desk, QStringLiteral("paper-2")) != nullptr, kSoonMs);
  }

  void aPackedRunIsARunAgain() {
    tests::Desk desk;
    tests::drop(desk.window, {kData + QStringLiteral("paper")});
    QTRY_VERIFY_WITH_TIMEOUT(runNamed(desk, QStringLiteral("paper")) != nullptr, kSoonMs);
    const QString file = m_home->path(QStringLiteral("sent.anchorrun"));
    ExportOrder order;
    order.kind = exportKind(QStringLiteral("run"));
    order.directory = runNamed(desk, QStringLiteral("paper"))->directory();
    QCOMPARE(order.kind->write(order, **openMaterial(order), file), QString());
    tests::drop(desk.window, {file});
    QTRY_VERIFY_WITH_TIMEOUT(runNamed(desk, QStringLiteral("sent")) != nullptr, kSoonMs);
    QTRY_VERIFY_WITH_TIMEOUT(runNamed(desk, QStringLiteral("sent"))->isLoaded(), kSoonMs);
    QCOMPARE(runNamed(desk, QStringLiteral("sent"))->history().frames().size(), std::size_t(3));
    // A part of one: said, and nothing made.
    QFile whole(file);
    QVERIFY(whole.open(QIODevice::ReadWrite));
    QVERIFY(whole.resize(whole.size() / 2));
    whole.close();
    tests::drop(desk.window, {file});
    QTRY_VERIFY_WITH_TIMEOUT(
        desk.window.messages()->text("import").contains("Nothing was unpacked"), kSoonMs);
    QVERIFY(!QFileInfo::exists(m_home->path(QStringLiteral("data/anchorlens/runs/sent-2"))));
  }

  void whatCannotBeImportedSaysWhatToWrite() {
    tests::Desk desk;
    tests::drop(desk.window, {kData + QStringLiteral("kinds.pt")});
    const auto told = [&desk] { return desk.window.messages()->text(QStringLiteral("import")); };
    QTRY_VERIFY_WITH_TIMEOUT(told().contains("kinds.json: is missing"), kSoonMs);
    QVERIFY(told().contains("\"format\": \"anchorlens-import\""));
    QVERIFY(desk.controller.runs().all().empty());
  }

  void aStoppedImportLeavesNothing() {
    TransferWorker worker;
    QSignalSpy failed(&worker, &TransferWorker::importFailed);
    std::stop_source stop;
    stop.request_stop();
    const QString folder = m_home->path(QStringLiteral("runs/stopped"));
    worker.importRun({kData + QStringLiteral("paper"), folder}, stop.get_token());
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed[0][0].toString(), QStringLiteral("Stopped; nothing was imported."));
    QVERIFY(QDir(QFileInfo(folder).absolutePath())
                .isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
  }

 private:
  void checkWeights(tests::Desk& desk) {
    const QString file = m_home->path(QStringLiteral("w.safetensors"));
    desk.dialogs.file_to_save = file;
    desk.window.actions()[QStringLiteral("weights-pytorch")]->trigger();
    QVERIFY(desk.dialogs.asked.contains(QStringLiteral("save paper-step-12.safetensors")));
    QTRY_VERIFY_WITH_TIMEOUT(desk.window.statusText().contains("The weights of step 12 are in"),
                             kSoonMs);
    const auto metadata = core::readSafetensorsMetadata(toPath(file));
    QVERIFY(metadata);
    QCOMPARE(metadata->at("names"), std::string("pytorch"));
    // Without its suffix it is the file that exists.
    desk.dialogs.file_to_save = m_home->path(QStringLiteral("w"));
    desk.dialogs.replace = false;
    desk.window.actions()[QStringLiteral("weights-native")]->trigger();
    QCOMPARE(desk.dialogs.asked.last(), QStringLiteral("replace ") + file);
    desk.dialogs.file_to_save = file;
    desk.window.actions()[QStringLiteral("weights-lens")]->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(
        desk.window.messages()->text(QStringLiteral("weights")).contains("anchorlens_model.py"),
        kSoonMs);
  }
};

QTEST_MAIN(TestTransfer)
#include "tst_transfer.moc"
