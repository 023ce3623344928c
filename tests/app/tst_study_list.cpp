// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::RunRow;

/// The folder is looked at once a second.
#define FOLLOWS(shown, expected) QTRY_COMPARE_WITH_TIMEOUT(shown, expected, 30000)

namespace {

core::StudySpec threeSeeds() {
  core::StudySpec study;
  study.name = "seeds";
  study.base = core::preset("demo");
  study.seeds = core::StudySeeds{};
  study.seeds->count = 3;
  return study;
}

core::Metrics metricsAt(std::int64_t step, double accuracy) {
  core::Metrics metrics;
  metrics.step = step;
  metrics.groups = {{0, 10, accuracy, 0.1}};
  metrics.train_accuracy = metrics.test_accuracy = accuracy;
  return metrics;
}

/// One line a row: kind, name, status, accuracy, difference.
QString text(const std::vector<RunRow>& rows) {
  QString lines;
  for (const RunRow& row : rows) {
    lines += QStringLiteral("%1%2 | %3 | %4 | %5\n")
                 .arg(row.kind == RunRow::Kind::Study    ? (row.is_folded ? "> " : "v ")
                      : row.kind == RunRow::Kind::Member ? "  - "
                                                         : "",
                      row.name, row.status,
                      row.test_accuracy ? QString::number(*row.test_accuracy) : QString("-"),
                      row.difference);
  }
  return lines;
}

}  // namespace

class TestStudyList : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir m_dir;
  std::unique_ptr<core::RunWriter> begin(std::size_t member) {
    const auto plan = core::planStudy(threeSeeds());
    auto writer = core::RunWriter::create(folder() / plan->members[member].folder,
                                          plan->experiment(member), {});
    if (!writer)
      qFatal("%s", writer.error().text().c_str());
    return std::move(*writer);
  }
  void write(core::RunWriter& writer, core::RunState state, std::int64_t step, double accuracy) {
    writer.addMetrics(metricsAt(step, accuracy));
    writer.setStatus(state, step, 1500);
    QVERIFY(writer.commit().has_value());
  }
  std::filesystem::path folder() const { return toPath(m_dir.path()) / "study"; }
  QString folderText() const { return toText(folder()); }

 private slots:
  void initTestCase() {
    std::filesystem::create_directories(folder());
    QVERIFY(core::writeFileAtomically(folder() / core::kStudyFile, core::writeStudy(threeSeeds()))
                .has_value());
  }

  void followsASweep() {
    RunList runs;
    runs.add(toPath(m_dir.filePath("older")), QStringLiteral("Older"));
    StudyList studies(runs);
    QVERIFY(StudyList::looksLikeStudy(folderText()));
    QVERIFY(!StudyList::looksLikeStudy(m_dir.path()));
    const quint64 id = studies.open(folderText());
    QCOMPARE(studies.open(folderText()), id);
    runs.add(toPath(m_dir.filePath("newer")), QStringLiteral("Newer"));
    const auto shown = [&](int row) { return text({studies.rows().at(std::size_t(row))}); };
    FOLLOWS(shown(1), QString("> seeds | 0 of 3 done | - | \n"));
    QCOMPARE(studies.rows().size(), std::size_t(3));
    QCOMPARE(studies.rows()[0].name, QString("Newer"));
    QCOMPARE(studies.rows()[2].name, QString("Older"));

    const auto unfolded = [&] {
      const std::vector<RunRow> rows = studies.rows();
      return rows.size() < 5 ? QString()
                             : text(std::vector<RunRow>(rows.begin() + 1, rows.begin() + 5));
    };

    // Another process begins, goes on and ends: seen without being told.
    auto first = begin(0);
    write(*first, core::RunState::Training, 40, 0.5);
    studies.toggleFold(id);
    FOLLOWS(unfolded().toUtf8(), QByteArray("v seeds | 0 of 3 done | - | \n"
                                            "  - seed 1 | step 40 | 0.5 | \n"
                                            "  - seed 2 | not started | - | seed 1 → 2\n"
                                            "  - seed 3 | not started | - | seed 1 → 3\n"));
    QCOMPARE(studies.rows()[1].state, core::RunState::Training);
    write(*first, core::RunState::Finished, 1500, 0.9);
    first.reset();
    auto second = begin(1);
    write(*second, core::RunState::Finished, 1500, 1.0);
    second.reset();
    FOLLOWS(shown(1).toUtf8(),
            QByteArray("v seeds | 2 of 3 done | 0.95 | 90.0\u2009% to 100.0\u2009%\n"));
    auto third = begin(2);
    write(*third, core::RunState::Failed, 700, 0.2);
    third.reset();
    FOLLOWS(shown(1).toUtf8(),
            QByteArray("v seeds | 2 of 3 done, 1 failed | 0.95 | 90.0\u2009% to 100.0\u2009%\n"));
    QCOMPARE(studies.rows()[1].state, core::RunState::Failed);
    QCOMPARE(studies.folderOf(studies.rows()[3].id), folderText() + "/02_seed-2");

    // A run that the window opens is shown in its place, and alone when the study is closed.
    runs.add(folder() / "02_seed-2", runNameOf(folder() / "02_seed-2"));
    const auto rows = studies.rows();
    QCOMPARE(rows.size(), std::size_t(6));
    QCOMPARE(rows[3].id, quint64(3));
    QVERIFY(rows[3].is_open);
    QCOMPARE(rows[3].name, QString("seed 2"));
    studies.close(id);
    QCOMPARE(studies.rows().size(), std::size_t(3));
  }

  void saysWhatIsWrong() {
    const QString broken = m_dir.filePath("broken");
    std::filesystem::create_directories(toPath(broken));
    QVERIFY(core::writeFileAtomically(toPath(broken) / core::kStudyFile, "{}").has_value());
    RunList runs;
    StudyList studies(runs);
    QSignalSpy failed(&studies, &StudyList::failed);
    studies.open(broken);
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.at(0).at(1).toString(),
             QString("/format: expected \"anchorlens-study\", the field is missing"));
    QVERIFY(studies.rows().empty());
  }
};

QTEST_GUILESS_MAIN(TestStudyList)
#include "tst_study_list.moc"
