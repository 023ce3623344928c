// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/file_io.h"
#include "engine/core/task/sample_files.h"
#include "tests/support/task_specs.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

#include <cerrno>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

QByteArray contentOf(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

/// Everything in the folder, temporary files too.
QStringList entriesOf(const QTemporaryDir& folder) {
  return QDir(folder.path())
      .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

constexpr std::pair<const char*, SampleFormat> kFormats[] = {{"s.csv", SampleFormat::Csv},
                                                             {"s.jsonl", SampleFormat::JsonLines},
                                                             {"s.npz", SampleFormat::Npz}};

}  // namespace

// What NumPy and the csv module make of the files is in tests/ctl/test_samples.py.
class TestSampleFiles : public QObject {
  Q_OBJECT

 private slots:
  void formatByName();
  void csvByHand();
  void jsonByHand();
  void equalInputsGiveEqualBytes();
  void drawsWhatSampleDraws();
  void theDataOfARunAreDrawnAgain();
  void bothSplitsStandOneAfterTheOther();
  void stoppedLeavesNothing();
  void failedLeavesNothing();
  void tooLargeForNpz();
};

void TestSampleFiles::formatByName() {
  QVERIFY(sampleFormatOf("a/b.csv") == SampleFormat::Csv);
  QVERIFY(sampleFormatOf("b.jsonl") == SampleFormat::JsonLines);
  QVERIFY(sampleFormatOf("b.npz") == SampleFormat::Npz);
  QVERIFY(!sampleFormatOf("b.json"));
  QVERIFY(!sampleFormatOf("csv"));
}

void TestSampleFiles::csvByHand() {
  const QTemporaryDir folder;
  const QString path = folder.filePath("s.csv");
  const auto task = Task::compile(statistical());
  const auto written =
      writeSamples(*task, {{Split::Train}, 2, 1}, SampleFormat::Csv, path.toStdString());
  QVERIFY(written.has_value() && *written);
  Random random(1, "sample");
  const SequenceSet set = task->draw(Split::Train, 2, random);
  QByteArray expected = "tokens,roles,target,answers,split,group,form,length\n";
  for (std::size_t i = 0; i < 2; ++i) {
    QByteArrayList tokens;
    QByteArrayList roles;
    for (std::size_t k = 0; k < 9; ++k) {
      tokens << QByteArray::number(set.row(i)[k]);
      roles << QByteArray::fromStdString(task->roles()[set.rolesOf(i)[k]].name);
    }
    const int key = set.answersOf(i)[0].token;
    expected += tokens.join(' ') + "," + roles.join(' ') + "," +
                QByteArray::number(set.targets[i]) + "," + QByteArray::number(key) + ":0.8 " +
                QByteArray::number(key + 1) + ":0.2,train,seen,0,9\n";
  }
  QCOMPARE(contentOf(path), expected);
}

void TestSampleFiles::jsonByHand() {
  const QTemporaryDir folder;
  const QString path = folder.filePath("s.jsonl");
  const auto task = Task::compile(composite());
  const auto written =
      writeSamples(*task, {{Split::Test}, 3, 4}, SampleFormat::JsonLines, path.toStdString());
  QVERIFY(written.has_value() && *written);
  const QByteArrayList lines = contentOf(path).trimmed().split('\n');
  QCOMPARE(lines.size(), 3);
  Random random(4, "sample");
  const SequenceSet set = task->draw(Split::Test, 3, random);
  for (int i = 0; i < 3; ++i) {
    const auto json = nlohmann::ordered_json::parse(lines[i].toStdString());
    auto expected = sampleJson(*task, set, static_cast<std::size_t>(i));
    expected["answer"] = set.targets[static_cast<std::size_t>(i)];
    QVERIFY(json == expected);
    QVERIFY(json["split"] == "test");
  }
}

void TestSampleFiles::equalInputsGiveEqualBytes() {
  const QTemporaryDir folder;
  const auto task = Task::compile(composite());
  for (const auto& [name, format] : kFormats) {
    const QString a = folder.filePath(QString("a-") + name);
    const QString b = folder.filePath(QString("b-") + name);
    const QString c = folder.filePath(QString("c-") + name);
    QVERIFY(writeSamples(*task, {{Split::Train}, 5000, 1}, format, a.toStdString()).has_value());
    QVERIFY(writeSamples(*task, {{Split::Train}, 5000, 1}, format, b.toStdString()).has_value());
    QVERIFY(writeSamples(*task, {{Split::Train}, 5000, 2}, format, c.toStdString()).has_value());
    QVERIFY(contentOf(a).size() > 5000);
    QVERIFY(contentOf(a) == contentOf(b));
    QVERIFY(contentOf(a) != contentOf(c));
  }
  QCOMPARE(entriesOf(folder).size(), 9);
}

/// Drawn piece by piece, but the same sequences as in one go.
void TestSampleFiles::drawsWhatSampleDraws() {
  const QTemporaryDir folder;
  const QString path = folder.filePath("s.jsonl");
  const auto task = Task::compile(composite());
  QVERIFY(
      writeSamples(*task, {{Split::Train}, 10000, 1}, SampleFormat::JsonLines, path.toStdString())
          .has_value());
  const QByteArrayList lines = contentOf(path).trimmed().split('\n');
  Random random(1, "sample");
  const SequenceSet set = task->draw(Split::Train, 10000, random);
  for (const int i : {0, 4095, 4096, 9999}) {
    const auto json = nlohmann::ordered_json::parse(lines[i].toStdString());
    const auto row = set.row(static_cast<std::size_t>(i));
    QVERIFY(json["tokens"] == std::vector<int>(row.begin(), row.end()));
  }
}

/// The stream of a run's training data gives that data.
void TestSampleFiles::theDataOfARunAreDrawnAgain() {
  const QTemporaryDir folder;
  const QString path = folder.filePath("data.jsonl");
  const auto task = Task::compile(composite());
  DataSpec data;
  data.seed = 7;
  data.n_train = 5000;
  data.n_test = 20;
  const auto dataset = makeDataset(*task, data);
  QVERIFY(dataset.has_value());
  QVERIFY(writeSamples(*task, {{Split::Train}, data.n_train, data.seed, "data/train"},
                       SampleFormat::JsonLines, path.toStdString())
              .has_value());
  const QByteArrayList lines = contentOf(path).trimmed().split('\n');
  QCOMPARE(lines.size(), 5000);
  for (const int i : {0, 4095, 4096, 4999}) {
    const auto json = nlohmann::ordered_json::parse(lines[i].toStdString());
    const auto row = dataset->train.row(static_cast<std::size_t>(i));
    QVERIFY(json["tokens"] == std::vector<int>(row.begin(), row.end()));
  }
}

void TestSampleFiles::bothSplitsStandOneAfterTheOther() {
  QVERIFY(splitsOf("both") == (std::vector{Split::Train, Split::Test}));
  QVERIFY(splitsOf("test") == std::vector{Split::Test});
  const QTemporaryDir folder;
  const auto task = Task::compile(statistical());
  const auto write = [&](const char* name, const char* splits, SampleFormat format,
                         const SampleProgress& progress = {}) {
    const QString path = folder.filePath(name);
    const SampleRequest request{splitsOf(splits), 5000, 3};
    const auto written = writeSamples(*task, request, format, path.toStdString(), progress);
    return written && *written ? contentOf(path) : QByteArray();
  };
  std::int64_t last = 0;
  bool grows = true;
  const QByteArray both = write("both.csv", "both", SampleFormat::Csv, [&](std::int64_t done) {
    grows = grows && done > last;
    last = done;
  });
  QVERIFY(grows);
  QCOMPARE(last, std::int64_t{10000});
  const QByteArray train = write("train.csv", "train", SampleFormat::Csv);
  const QByteArray test = write("test.csv", "test", SampleFormat::Csv);
  QVERIFY(!train.isEmpty());
  QVERIFY(both == train + test.mid(test.indexOf('\n') + 1));
  QVERIFY(write("both.npz", "both", SampleFormat::Npz).size() >
          write("train.npz", "train", SampleFormat::Npz).size());
}

void TestSampleFiles::stoppedLeavesNothing() {
  const QTemporaryDir folder;
  const auto task = Task::compile(identity());
  for (const auto& [name, format] : kFormats) {
    std::stop_source stop;
    std::vector<std::int64_t> told;
    const auto written = writeSamples(
        *task, {{Split::Train}, 1000000, 1}, format, folder.filePath(name).toStdString(),
        [&](std::int64_t done) {
          told.push_back(done);
          if (told.size() == 3) {
            stop.request_stop();
          }
        },
        stop.get_token());
    QVERIFY(written.has_value());
    QVERIFY(!*written);
    QCOMPARE(told.size(), std::size_t{3});
    QVERIFY(told[0] > 0 && told[0] < told[1] && told[1] < told[2] && told[2] < 1000000);
    QCOMPARE(entriesOf(folder), QStringList());
  }
}

void TestSampleFiles::failedLeavesNothing() {
  const QTemporaryDir folder;
  const auto task = Task::compile(identity());
  setWriteFault([](const std::filesystem::path&) { return ENOSPC; });
  for (const auto& [name, format] : kFormats) {
    const auto written =
        writeSamples(*task, {{Split::Train}, 10, 1}, format, folder.filePath(name).toStdString());
    QVERIFY(!written.has_value());
    QVERIFY(written.error().message.find("the disk is full") != std::string::npos);
    QCOMPARE(entriesOf(folder), QStringList());
  }
  setWriteFault(nullptr);
  for (const auto& [name, format] : kFormats) {
    const auto written = writeSamples(*task, {{Split::Train}, 10, 1}, format,
                                      folder.filePath(QString("no/") + name).toStdString());
    QVERIFY(!written.has_value());
    QVERIFY(written.error().message.find("No such file or directory") != std::string::npos);
  }
}

void TestSampleFiles::tooLargeForNpz() {
  const QTemporaryDir folder;
  const auto task = Task::compile(identity());
  const auto written = writeSamples(*task, {{Split::Train}, 200'000'000, 1}, SampleFormat::Npz,
                                    folder.filePath("s.npz").toStdString());
  QVERIFY(!written.has_value());
  QCOMPARE(written.error().message,
           std::string("The samples need 15 GB, and an NPZ file holds at most 4.3 GB; draw fewer, "
                       "or write CSV or JSON Lines"));
  QCOMPARE(entriesOf(folder), QStringList());
}

QTEST_GUILESS_MAIN(TestSampleFiles)
#include "tst_sample_files.moc"
