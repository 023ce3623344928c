// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/import_shape.h"
#include "engine/core/import/npy_reader.h"
#include "engine/core/import/state_dict.h"
#include "engine/core/import/zip_reader.h"
#include "engine/core/store/npz_parts.h"
#include "tests/core/fuzz/fuzz.h"
#include "tests/core/import/pickle_builder.h"

#include <QFile>
#include <QObject>
#include <QTest>

#include <algorithm>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

std::string fixture(const char* name) {
  QFile file(QString(ANCHORLENS_SOURCE_DIR "/tests/data/import/") + name);
  return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// The entries of a fixture, so that one of them can be changed and the checksums made right.
std::vector<FileEntry> entriesOf(const std::string& file) {
  std::vector<FileEntry> entries;
  const auto bytes = toBytes(file);
  const auto zip = readStoredZip(bytes);
  for (const ZipEntry& entry : *zip) {
    entries.push_back(
        {entry.name, {reinterpret_cast<const char*>(entry.data.data()), entry.data.size()}});
  }
  return entries;
}

/// Tensors that can be read out whole, or an error of one line.
std::string problemOf(const std::string& file, std::int64_t& n_read) {
  const auto dict = StateDict::parse(toBytes(file), "x.pt");
  if (!dict) {
    const std::string told = dict.error().text();
    const bool is_line =
        told.size() > 10 && told.size() < 400 && told.find('\n') == std::string::npos;
    return is_line ? "" : "is told as <" + told + ">";
  }
  ++n_read;
  for (const ForeignTensor& tensor : dict->tensors()) {
    if (toFloats(tensor).size() > file.size()) {
      return "has more elements than bytes";
    }
  }
  return "";
}

}  // namespace

class TestFuzzImport : public QObject {
  Q_OBJECT

 private slots:
  void picklesAreSafe();
  void archivesAreSafe();
  void logsAndShapesAreSafe();
};

/// Changed pickles in archives that are right.
void TestFuzzImport::picklesAreSafe() {
  const std::int64_t n = fuzzInputs(10'000);
  Random random(fuzzSeed(), "fuzz/import");
  std::vector<std::vector<FileEntry>> files;
  std::vector<std::string> pickles;
  for (const char* name :
       {"kinds.pt", "nested.pt", "whole_module.pt", "encoder_layer.pt", "paper/model/model_0.pt"}) {
    files.push_back(entriesOf(fixture(name)));
    for (const FileEntry& entry : files.back()) {
      if (entry.name.ends_with("data.pkl")) {
        pickles.push_back(entry.data);
      }
    }
  }
  QCOMPARE(pickles.size(), files.size());
  const std::string telling(
      "\x80\x02(.cRbQNKMJGXq r h j t)]}aeus\x85\x86\x87\x88\x89\x8a\xff\x00\x01", 40);
  Mutator mutator(pickles, telling, random);
  CostWatch watch;
  std::int64_t n_read = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto which = random.below(static_cast<std::uint32_t>(files.size()));
    std::vector<FileEntry> entries = files[which];
    std::string pickle = pickles[which];
    if (i % 2 == 0) {
      pickle = mutator.changed(pickle);
    } else {
      // One byte: what is still read gets to the checks of shapes, strides and storages.
      pickle[random.below(static_cast<std::uint32_t>(pickle.size()))] =
          static_cast<char>(random.below(256));
    }
    for (FileEntry& entry : entries) {
      if (entry.name.ends_with("data.pkl")) {
        entry.data = pickle;
      }
    }
    const std::string file = zipOf(entries);
    watch.isQuick();
    const std::string problem = problemOf(file, n_read);
    QVERIFY2(problem.empty(), ("<" + shown(pickle) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(pickle).c_str());
  }
  QVERIFY2(n_read > n / 50, QByteArray::number(static_cast<qint64>(n_read)));
  JUDGE_MEMORY(watch);
  qInfo("%lld inputs, %lld read, slowest %.3f s, %.0f MB", static_cast<long long>(n),
        static_cast<long long>(n_read), watch.slowest(), watch.peakGrowth());
}

/// Changed files: lengths, offsets, names and checksums of the archive.
void TestFuzzImport::archivesAreSafe() {
  const std::int64_t n = fuzzInputs(10'000);
  Random random(fuzzSeed(), "fuzz/archive");
  const std::vector<std::string> files{fixture("kinds.pt"), fixture("nested.pt"),
                                       fixture("old_format.pt"),
                                       torchFile(dictPickle({{"w", TensorCode{}.code()}}))};
  Mutator mutator(files, "PK\x01\x02\x03\x04\x05\x06\xff\x7f\x80", random);
  CostWatch watch;
  std::int64_t n_read = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    std::string file = mutator.next();
    if (i % 2 == 0) {
      // Inside the directory and the headers, where every byte counts.
      file = files[random.below(2)];
      const std::size_t directory = file.find("PK\x01\x02");
      for (std::uint32_t edits = 1 + random.below(3); edits > 0; --edits) {
        const auto room = static_cast<std::uint32_t>(file.size() - directory);
        file[directory + random.below(room)] = static_cast<char>(random.below(256));
      }
    }
    watch.isQuick();
    const std::string problem = problemOf(file, n_read);
    QVERIFY2(problem.empty(), ("<" + shown(file) + "> " + problem).c_str());
    QVERIFY2(watch.isQuick(), shown(file).c_str());
  }
  QVERIFY(n_read > 0);
  JUDGE_MEMORY(watch);
}

void TestFuzzImport::logsAndShapesAreSafe() {
  const std::int64_t n = fuzzInputs(10'000);
  Random random(fuzzSeed(), "fuzz/log");
  Mutator logs({fixture("paper/loss/train_loss_his.npy"), fixture("paper/loss/test_acc_his.npy")},
               "(),'<f4 8i0123456789:{}\n", random);
  Mutator shapes({importShapeExample()}, "{}[]\":,0123456789*.-", random);
  CostWatch watch;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::string log = logs.next();
    const auto array = parseNpy(toBytes(log));
    QVERIFY2(array ? array->values.size() <= log.size() : !array.error().empty(),
             shown(log).c_str());
    const std::string text = shapes.next();
    const auto shape = parseImportShape(text);
    QVERIFY2(shape || !shape.error().empty(), shown(text).c_str());
    QVERIFY2(watch.isQuick(), (shown(log) + shown(text)).c_str());
  }
  JUDGE_MEMORY(watch);
}

QTEST_GUILESS_MAIN(TestFuzzImport)
#include "tst_fuzz_import.moc"
