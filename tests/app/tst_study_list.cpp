// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorlens/places.h"
#include "app/anchorlens/study_list.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/checkpoint.h"
#include "tests/app/rows_text.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <set>

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

/// Two numbers of layers, each with two seeds.
core::StudySpec twoSettings() {
  core::StudySpec study = threeSeeds();
  study.name = "layers";
  study.axes.push_back({"/model/n_layers", std::vector<std::string>{"1", "2"}, std::nullopt});
  study.seeds->count = 2;
  return study;
}

core::Metrics metricsAt(std::int64_t step, double accuracy) {
  core::Metrics metrics;
  metrics.step = step;
  metrics.groups = {{0, 10, accuracy, 0.1}};
  metrics.train_accuracy = metrics.test_accuracy = accuracy;
  return metrics;
}

}  // namespace

class TestStudyList : public QObject {
  Q_OBJECT

 private:
  QTemporaryDir m_dir;
  std::unique_ptr<core::RunWriter> begin(std::size_t member) {
    return begin(threeSeeds(), folder(), member);
  }
  std::unique_ptr<core::RunWriter> begin(const core::StudySpec& study,
                                         const std::filesystem::path& in, std::size_t member) {
    const auto plan = core::planStudy(study);
    auto writer =
        core::RunWriter::create(in / plan->members[member].folder, plan->experiment(member), {});
    if (!writer)
      qFatal("%s", writer.error().text().c_str());
    return std::move(*writer);
  }
  void write(core::RunWriter& writer, core::RunState state, std::int64_t step, double accuracy) {
    writer.addMetrics(metricsAt(step, accuracy));
    writer.setStatus(state, step, 1500);
    QVERIFY(writer.commit().has_value());
  }
  void finish(const core::StudySpec& study, const std::filesystem::path& in, std::size_t member,
              double accuracy) {
    write(*begin(study, in, member), core::RunState::Finished, 1500, accuracy);
  }
  /// A run that had ended, gone on with.
  void goOn(const std::filesystem::path& in, std::size_t member, core::RunState state,
            double accuracy) {
    const auto plan = core::planStudy(threeSeeds());
    auto writer = core::RunWriter::open(in / plan->members[member].folder);
    QVERIFY(writer.has_value());
    write(**writer, state, 1600, accuracy);
  }
  /// A new folder with a study's file in it.
  std::filesystem::path makeStudy(const char* name, const core::StudySpec& study) {
    const auto made = toPath(m_dir.path()) / name;
    std::filesystem::create_directories(made);
    if (!core::writeFileAtomically(made / core::kStudyFile, core::writeStudy(study)))
      qFatal("%s", name);
    return made;
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
    const auto shown = [&](int row) {
      return tests::rowsText({studies.rows().at(std::size_t(row))});
    };
    FOLLOWS(shown(1), QString("> seeds | 0 of 3 done | - | \n"));
    QCOMPARE(studies.rows().size(), std::size_t(3));
    QCOMPARE(studies.rows()[0].name, QString("Newer"));
    QCOMPARE(studies.rows()[2].name, QString("Older"));

    const auto unfolded = [&] {
      const std::vector<RunRow> rows = studies.rows();
      return rows.size() < 5
                 ? QString()
                 : tests::rowsText(std::vector<RunRow>(rows.begin() + 1, rows.begin() + 5));
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

  void settingsFoldTheirSeeds() {
    const auto study = makeStudy("layers", twoSettings());
    finish(twoSettings(), study, 0, 0.9);
    finish(twoSettings(), study, 1, 0.8);
    finish(twoSettings(), study, 2, 1.0);
    RunList runs;
    StudyList studies(runs);
    studies.toggleFold(studies.open(toText(study)));
    const auto shown = [&] { return tests::rowsText(studies.rows()).toUtf8(); };
    const QByteArray head = "v layers | 3 of 4 done | 0.9 | 80.0\u2009% to 100.0\u2009%\n";
    const QByteArray one = "n_layers 1 | 2 of 2 done | 0.85 | 80.0\u2009% to 90.0\u2009%\n";
    const QByteArray two = "n_layers 2 | 1 of 2 done | 1 | \n";
    FOLLOWS(shown(), head + "  > " + one + "  > " + two);
    studies.toggleFold(studies.rows()[2].id);
    QCOMPARE(shown(), head + "  > " + one + "  v " + two +
                          "    - seed 1 | finished | 1 | \n"
                          "    - seed 2 | not started | - | seed 1 → 2\n");
    // Ids are all different, and a setting is no study.
    std::set<quint64> ids;
    for (const RunRow& row : studies.rows())
      ids.insert(row.id);
    QCOMPARE(ids.size(), std::size_t(5));
    QVERIFY(!studies.isStudy(studies.rows()[1].id));
    // One that was chosen stands in its setting.
    runs.add(study / "03_n_layers-2_seed-1", QStringLiteral("03_n_layers-2_seed-1"));
    QCOMPARE(studies.rows()[3].id, quint64{1});
    QCOMPARE(studies.rows()[3].depth, 2);
    QCOMPARE(studies.rows().size(), std::size_t(5));
    // The fourth ends: its setting's range is there without being asked for.
    finish(twoSettings(), study, 3, 0.9);
    FOLLOWS(tests::rowsText({studies.rows()[2]}).toUtf8(),
            QByteArray("  v n_layers 2 | 2 of 2 done | 0.95 | 90.0\u2009% to 100.0\u2009%\n"));
    studies.toggleFold(studies.rows()[2].id);
    QCOMPARE(studies.rows().size(), std::size_t(3));
  }

  void aStudyThatIsOverIsNotReadAgain() {
    const auto over = makeStudy("over", threeSeeds());
    for (std::size_t member = 0; member < 3; ++member)
      finish(threeSeeds(), over, member, 0.9);
    const auto going = makeStudy("going", threeSeeds());
    StudyReader reader;
    std::map<quint64, std::int64_t> reads;
    connect(&reader, &StudyReader::wasRead, this,
            [&reads](const std::shared_ptr<const StudyFacts>& facts) {
              reads[facts->study_id] = facts->reads;
            });
    for (int i = 0; i < 3; ++i) {
      reader.read(1, over);
      reader.read(2, going);
    }
    QCOMPARE(reads[1], std::int64_t{3});
    QCOMPARE(reads[2], std::int64_t{9});
    // Nor is it told again, until somebody goes on with a run of it.
    QSignalSpy told(&reader, &StudyReader::wasRead);
    reader.read(1, over);
    QCOMPARE(told.count(), 0);
    goOn(over, 1, core::RunState::Paused, 0.7);
    reader.read(1, over);
    QCOMPARE(told.count(), 1);
    QCOMPARE(reads[1], std::int64_t{4});
    goOn(over, 1, core::RunState::Finished, 0.9);
    // While one study goes on only that one is read each time.
    RunList runs;
    StudyList studies(runs);
    QVERIFY(!studies.isFollowing());
    studies.open(toText(over));
    QVERIFY(studies.isFollowing());
    QTRY_VERIFY_WITH_TIMEOUT(!studies.isFollowing(), 30000);
    studies.open(toText(going));
    QVERIFY(studies.isFollowing());
    for (std::size_t member = 0; member < 3; ++member)
      finish(threeSeeds(), going, member, 0.9);
    QTRY_VERIFY_WITH_TIMEOUT(!studies.isFollowing(), 30000);
    QCOMPARE(tests::rowsText(studies.rows()).toUtf8(),
             QByteArray("> seeds | 3 of 3 done | 0.9 | \n"
                        "> seeds | 3 of 3 done | 0.9 | \n"));
    goOn(going, 1, core::RunState::Paused, 0.7);
    FOLLOWS(tests::rowsText({studies.rows()[0]}).toUtf8(),
            QByteArray("> seeds | 2 of 3 done | 0.9 | \n"));
    QVERIFY(studies.isFollowing());
  }

  /// The fork was opened before the study, its parent after it.
  void aStudyStandsBetweenNoRunAndItsFork() {
    RunList runs;
    StudyList studies(runs);
    const auto add = [&](const char* name, const char* parent) {
      RunRecord& run = runs.add(toPath(m_dir.filePath(name)), QString::fromLatin1(name));
      RunFacts facts;
      facts.run_id = run.id();
      facts.directory = run.directory();
      facts.spec = core::preset("demo");
      if (parent != nullptr)
        facts.parent = toPath(m_dir.filePath(parent));
      run.setFacts(facts);
    };
    add("child", "parent");
    studies.open(folderText());
    add("parent", nullptr);
    const auto rows = studies.rows();
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].name, QString("parent"));
    QCOMPARE(rows[1].name, QString("child"));
    QCOMPARE(rows[1].depth, 1);
    QVERIFY(studies.isStudy(rows[2].id));
  }

  void aFileAloneShowsWhatItPlans() {
    const QString file = m_dir.filePath("my layers.json");
    QVERIFY(core::writeFileAtomically(toPath(file), core::writeStudy(twoSettings())).has_value());
    QVERIFY(StudyList::isStudyFile(file));
    const QString other = m_dir.filePath("demo.json");
    QVERIFY(core::writeFileAtomically(toPath(other), core::writeExperiment(core::preset("demo")))
                .has_value());
    QVERIFY(!StudyList::isStudyFile(other));
    RunList runs;
    StudyList studies(runs);
    const quint64 id = studies.open(file);
    FOLLOWS(tests::rowsText(studies.rows()).toUtf8(),
            QByteArray("> layers | 4 runs, not started | - | \n"));
    QTRY_VERIFY_WITH_TIMEOUT(!studies.isFollowing(), 30000);
    studies.toggleFold(id);
    studies.toggleFold(studies.rows()[1].id);
    QCOMPARE(tests::rowsText(studies.rows()).toUtf8(),
             QByteArray("v layers | 4 runs, not started | - | \n"
                        "  v n_layers 1 | 0 of 2 done | - | \n"
                        "    - seed 1 | not started | - | n_layers 2 → 1\n"
                        "    - seed 2 | not started | - | n_layers 2 → 1, seed 1 → 2\n"
                        "  > n_layers 2 | 0 of 2 done | - | \n"));
    // There is nothing to open but the file's folder.
    QVERIFY(studies.rows()[2].folder.isEmpty());
    QCOMPARE(studies.folderOf(studies.rows()[2].id), m_dir.path());
    QCOMPARE(studies.folderOf(id), m_dir.path());
    QCOMPARE(studies.paths(), QStringList{file});
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
