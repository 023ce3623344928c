// SPDX-License-Identifier: GPL-3.0-or-later
// The demo's path is found by the program in trained models of five seeds, and drawn by
// `anchorlens render` without a display.
#include "app/anchorlens/export/export_worker.h"
#include "app/anchorlens/export/render_command.h"
#include "app/anchorlens/places.h"
#include "engine/core/experiment_json.h"
#include "engine/session/run_session.h"
#include "widgets/flow/flow_graph.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace anchorlens;
using namespace std::chrono_literals;

namespace {

constexpr int kSeeds = 5;
constexpr std::int64_t kSteps = 600;

QByteArray contents(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestFlowStory : public QObject {
  Q_OBJECT

 private:
  std::filesystem::path runOf(int seed) const {
    return app::toPath(m_dir.filePath(QStringLiteral("seed-%1").arg(seed)));
  }

  /// Of the shown sequences, how many have their path marked at a step.
  static int marked(const std::filesystem::path& run, std::int64_t step, int* shown) {
    auto reader = core::RunReader::open(run);
    const auto frame = (*reader)->frame(step);
    const auto& spec = (*reader)->spec();
    const auto task = core::Task::compile(spec.task);
    const auto probe = core::makeProbe(*task, spec.probe);
    const auto context =
        widgets::makeProbeContext(*task, *probe, static_cast<std::size_t>(spec.probe.shown), true);
    std::vector<core::HeadLabel> labels;
    for (const auto& scores : (*frame)->scores)
      labels.push_back(core::labelOf(scores));
    int count = 0;
    *shown = static_cast<int>(context.shown.size());
    for (int i = 0; i < *shown; ++i) {
      const auto graph =
          widgets::makeFlowGraph(**frame, context, {false, i}, labels, spec.model.residual, {});
      count += graph.routes.front().is_marked ? 1 : 0;
    }
    return count;
  }

  QTemporaryDir m_dir;

 private slots:
  void initTestCase() {
    for (int seed = 1; seed <= kSeeds; ++seed) {
      core::ExperimentSpec spec = core::preset("demo");
      spec.training.steps = kSteps;
      spec.training.seed = static_cast<std::uint64_t>(seed);
      spec.training.device = "cpu";
      spec.record.frames = {300, 0};
      auto session = engine::RunSession::create(spec, runOf(seed), {});
      if (!session)
        qFatal("%s", session.error().message.c_str());
      QCOMPARE((*session)->advance(1h, std::numeric_limits<std::int64_t>::max()),
               engine::RunSession::Outcome::Finished);
    }
  }

  void thePathIsFoundInFourOfFiveSeeds() {
    int found = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) {
      int shown = 0;
      QCOMPARE(marked(runOf(seed), 0, &shown), 0);  // untrained
      const int at_end = marked(runOf(seed), kSteps, &shown);
      qInfo("seed %d: the path is marked in %d of %d sequences", seed, at_end, shown);
      found += 10 * at_end >= 9 * shown ? 1 : 0;
    }
    QVERIFY2(found >= 4, qPrintable(QString::number(found)));
  }

  void itIsDrawnWithoutAWindow() {
    const QString run = app::toText(runOf(1));
    QStringList files;
    for (const char* suffix : {"svg", "pdf", "png", "csv", "npz"})
      files << m_dir.filePath(QStringLiteral("flow.") + QString::fromLatin1(suffix));
    QStringList words{run,
                      QStringLiteral("--view"),
                      QStringLiteral("flow"),
                      QStringLiteral("--at"),
                      QStringLiteral("600"),
                      QStringLiteral("-o")};
    QCOMPARE(app::runRender(words + files), 0);
    for (const QString& file : files)
      QVERIFY2(contents(file).size() > 1000, qPrintable(file));
    const QByteArray csv = contents(files[3]);
    QVERIFY(csv.startsWith("layer,head,reader,reader_token,source,source_token,weight"));
    QVERIFY(csv.contains("→ output"));
    // The command that the dialog shows makes the same bytes.
    app::ExportOrder order;
    order.kind = app::exportKind(QStringLiteral("flow"));
    order.directory = runOf(1);
    order.steps = {600};
    order.flow.hide_below = 0.25;
    order.flow.heads = widgets::FlowOptions::Heads::Labelled;
    auto run_of_it = app::openMaterial(order);
    QVERIFY(run_of_it);
    const QString direct = m_dir.filePath(QStringLiteral("direct.svg"));
    QCOMPARE(order.kind->write(order, **run_of_it, direct), QString());
    const QString by_command = m_dir.filePath(QStringLiteral("command.svg"));
    const QStringList command =
        app::renderCommand(order, {by_command}).split(QLatin1Char(' ')).mid(2);
    QCOMPARE(app::runRender(command), 0);
    QCOMPARE(contents(by_command), contents(direct));
  }
};

QTEST_MAIN(TestFlowStory)
#include "tst_flow_story.moc"
