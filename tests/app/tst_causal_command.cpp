// SPDX-License-Identifier: GPL-3.0-or-later
// With the real engine: what the window's dialog of causal tests keeps in a run, and what the
// command keeps that it shows, are the same records but for the time.
#include "app/anchorlens/causal_control.h"
#include "app/anchorlens/causal_test_dialog.h"
#include "app/anchorlens/causal_view.h"
#include "app/anchorlens/head_picker.h"
#include "app/anchorlens/key_filter.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;

namespace {

constexpr int kSoonMs = 60'000;

/// Four heads; the test sequences are in several groups.
core::ExperimentSpec experiment() {
  auto spec = tests::tinyExperiment();
  spec.model.n_heads = 2;
  spec.model.d_head = 8;
  spec.training.device = "cpu";
  return spec;
}

}  // namespace

class TestCausalCommand : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    qApp->installEventFilter(&m_keys);
    auto session =
        engine::RunSession::create(experiment(), toPath(m_home.path(QStringLiteral("run"))), {});
    QVERIFY(session);
    (*session)->advance(std::chrono::minutes(10), 1000);
    QCOMPARE((*session)->outcome(), engine::RunSession::Outcome::Finished);
  }

  /// What the window before this one left is not taken up again: it stood at another step.
  void init() { QFile::remove(sessionFile()); }

  void theCommandKeepsTheSame_data() {
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("option");
    QTest::addColumn<int>("on");
    QTest::addColumn<QString>("from_step");
    using Form = CausalForm;
    const QString none;
    QTest::newRow("a head") << int(Form::Heads) << QStringLiteral("0.1") << false << 0 << none;
    QTest::newRow("means of two heads, all test sequences")
        << int(Form::Heads) << QStringLiteral("0.0, 1.1") << true << 1 << none;
    QTest::newRow("edges") << int(Form::Edges) << QStringLiteral("0:key>anchor, 1.1:reader>key")
                           << false << 0 << none;
    QTest::newRow("edges, renormalised, training sequences")
        << int(Form::Edges) << QStringLiteral("1:reader>*") << true << 2 << none;
    QTest::newRow("patched from another sequence")
        << int(Form::Patch) << QStringLiteral("1.0") << false << 0 << none;
    QTest::newRow("patched from another step")
        << int(Form::Patch) << QStringLiteral("1.0") << false << 1 << QStringLiteral("20");
    QTest::newRow("one by one") << int(Form::AllHeads) << none << true << 0 << none;
  }

  void theCommandKeepsTheSame() {
    QFETCH(int, what);
    QFETCH(QString, text);
    QFETCH(bool, option);
    QFETCH(int, on);
    QFETCH(QString, from_step);
    tests::Desk desk;
    desk.window.openPath(m_home.path(QStringLiteral("run")));
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{40}, kSoonMs);
    // Between two checkpoints: both train the same steps again.
    QTest::keyClick(&desk.window, Qt::Key_Comma);
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{30}, kSoonMs);
    desk.window.actions()[QStringLiteral("causal-test")]->trigger();
    CausalTestDialog& dialog = *desk.window.causalControl()->dialog();
    CausalForm& form = *dialog.form();
    form.what()->setCurrentIndex(what);
    QLineEdit* field = what == CausalForm::Edges ? form.edges() : form.heads()->edit();
    field->clear();
    QTest::keyClicks(field, text);
    form.method()->setCurrentIndex(option ? 1 : 0);
    form.renormalise()->setChecked(option);
    form.on()->setCurrentIndex(on);
    form.from()->setCurrentIndex(from_step.isEmpty() ? 0 : 1);
    form.step()->setEditText(from_step);
    const qsizetype before = lines().size();
    QTest::mouseClick(dialog.testButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog.isRunning(), kSoonMs);
    const QList<QByteArray> window = lines().mid(before);
    QVERIFY2(!window.isEmpty(), qPrintable(dialog.view()->message()));

    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), QStringLiteral(ANCHORLENS_BINARY_DIR "/bin:") +
                                                   environment.value(QStringLiteral("PATH")));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), dialog.command()});
    QVERIFY(process.waitForFinished(kSoonMs));
    QVERIFY2(
        process.exitCode() == 0,
        qPrintable(dialog.command() + ": " + QString::fromUtf8(process.readAllStandardError())));
    const QList<QByteArray> command = lines().mid(before + window.size());
    QCOMPARE(command.size(), window.size());
    for (qsizetype i = 0; i < window.size(); ++i)
      QCOMPARE(command[i], window[i]);
    const auto record = QJsonDocument::fromJson(window[0]).object();
    QCOMPARE(record.value(QStringLiteral("step")).toInt(), 30);
    QVERIFY(!record.value(QStringLiteral("groups")).toArray().isEmpty());
  }

 private:
  /// What the run keeps, without the time.
  QList<QByteArray> lines() const {
    QFile file(m_home.path(QStringLiteral("run/causal_tests.jsonl")));
    if (!file.open(QIODevice::ReadOnly))
      return {};
    QList<QByteArray> lines;
    for (const QByteArray& line : file.readAll().split('\n')) {
      auto record = QJsonDocument::fromJson(line).object();
      record.remove(QStringLiteral("time"));
      if (!record.isEmpty())
        lines << QJsonDocument(record).toJson(QJsonDocument::Compact);
    }
    return lines;
  }

  tests::TemporaryHome m_home;
  KeyFilter m_keys;
};

QTEST_MAIN(TestCausalCommand)
#include "tst_causal_command.moc"
