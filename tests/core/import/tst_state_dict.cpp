// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/state_dict.h"
#include "tests/core/fuzz/fuzz.h"
#include "tests/core/import/pickle_builder.h"

#include <QObject>
#include <QTest>

#include <cmath>
#include <limits>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

std::filesystem::path fixture(const std::string& name) {
  return std::filesystem::path(ANCHORLENS_SOURCE_DIR "/tests/data/import") / name;
}

StateDict mustRead(const std::string& name) {
  auto dict = StateDict::read(fixture(name));
  if (!dict) {
    qFatal("%s", dict.error().text().c_str());
  }
  return std::move(*dict);
}

/// The error's text; empty when it can be read.
std::string errorOf(const std::string& file) {
  const auto dict = StateDict::parse(toBytes(file), "x.pt");
  return dict ? "" : dict.error().text();
}

std::vector<float> valuesOf(const StateDict& dict, const char* name) {
  const ForeignTensor* tensor = dict.find(name);
  return tensor == nullptr ? std::vector<float>{-1} : toFloats(*tensor);
}

std::string tensorFile(const TensorCode& tensor) {
  return torchFile(dictPickle({{"w", tensor.code()}}));
}

std::string changed(std::string bytes, std::size_t at, const std::string& with) {
  return bytes.replace(at, with.size(), with);
}

/// Offset of the n-th directory entry of a zip.
std::size_t directoryEntry(const std::string& zip, int n) {
  std::size_t at = zip.find("PK\x01\x02");
  for (; n > 0; --n) {
    at = zip.find("PK\x01\x02", at + 1);
  }
  return at;
}

/// Its second entry lies inside the data of the first.
std::string within() {
  const std::string inner = ZipParts().entry("a/y", 0x9be3e0a3, 4) + "1234";  // CRC-32 of 1234
  const std::string zip = zipOf({{"a/x", inner}, {"a/y", "1234"}});
  const auto at = static_cast<std::uint32_t>(zip.find("PK\x03\x04", 1));
  return changed(zip, directoryEntry(zip, 1) + 42, number(at));
}

}  // namespace

class TestStateDict : public QObject {
  Q_OBJECT

 private slots:
  void everyTypeAndView();
  void theDictAmongOthers();
  void axesInAnotherOrder();
  void whatOthersSave_data();
  void whatOthersSave();
  void handMadeFileIsRead();
  void hostilePickles_data();
  void hostilePickles();
  void hostileTensors_data();
  void hostileTensors();
  void hostileZips_data();
  void hostileZips();
  void deepAndShared();
  void oneStorageUnderManyNames();

 private:
  void checkOneLine(const std::string& file, const std::string& expected);
};

void TestStateDict::everyTypeAndView() {
  const StateDict dict = mustRead("kinds.pt");
  const std::vector<float> counted{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  for (const char* name : {"float", "double", "half", "bfloat16", "long", "int", "short", "char",
                           "byte", "parameter"}) {
    QVERIFY2(valuesOf(dict, name) == counted, name);
  }
  QVERIFY(valuesOf(dict, "transposed") ==
          (std::vector<float>{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}));
  QVERIFY(valuesOf(dict, "part") == (std::vector<float>{4, 5, 7, 8, 10, 11}));
  QVERIFY(valuesOf(dict, "bool") == (std::vector<float>{0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  QVERIFY(valuesOf(dict, "scalar") == std::vector<float>{5});
  QVERIFY(valuesOf(dict, "empty").empty());
  QVERIFY(dict.find("permuted")->shape == (std::vector<std::int64_t>{4, 2, 3}));
  const std::vector<float> permuted = valuesOf(dict, "permuted");
  QCOMPARE(permuted[0], 0.0F);
  QCOMPARE(permuted[1], 4.0F);   // [0, 0, 1] is [0, 1, 0] of the whole
  QCOMPARE(permuted[3], 12.0F);  // [0, 1, 0] is [1, 0, 0]
  QCOMPARE(permuted[6], 1.0F);
  const std::vector<float> small = valuesOf(dict, "small half");
  QCOMPARE(small[0], std::ldexp(1.0F, -24));  // the nearest half to 6e-8
  QCOMPARE(small[1], -1.5F);
  QCOMPARE(small[2], 65504.0F);
  QCOMPARE(small[3], std::numeric_limits<float>::infinity());
  QCOMPARE(dict.tensors().size(), 17U);  // numbers, texts and lists beside them are none
}

void TestStateDict::theDictAmongOthers() {
  const StateDict dict = mustRead("nested.pt");
  QCOMPARE(dict.tensors().size(), 2U);
  QVERIFY(valuesOf(dict, "a.weight") == (std::vector<float>{0, 1, 2, 3}));
  QVERIFY(valuesOf(dict, "a.bias") == (std::vector<float>{0, 1}));
}

void TestStateDict::axesInAnotherOrder() {
  const StateDict dict = mustRead("kinds.pt");
  // [4, 2, 3] of [2, 3, 4] and back.
  const std::vector<float> whole = toFloats(*dict.find("permuted"), {1, 2, 0});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    QCOMPARE(whole[i], static_cast<float>(i));
  }
}

void TestStateDict::whatOthersSave_data() {
  QTest::addColumn<QString>("file");
  QTest::addColumn<QString>("expected");
  QTest::newRow("a whole module") << "whole_module.pt"
                                  << "it names torch.nn.modules.linear.Linear, which is none of a "
                                     "tensor's; nothing was executed";
  QTest::newRow("before 1.6") << "old_format.pt"
                              << "before PyTorch 1.6";
  QTest::newRow("no file of PyTorch") << "make_fixtures.py"
                                      << "neither a file of torch.save";
  QTest::newRow("a folder") << "paper"
                            << "This is no file.";
  QTest::newRow("not there") << "absent.pt"
                             << "No such file";
}

void TestStateDict::whatOthersSave() {
  QFETCH(QString, file);
  QFETCH(QString, expected);
  const auto dict = StateDict::read(fixture(file.toStdString()));
  QVERIFY(!dict);
  const std::string told = dict.error().text();
  QVERIFY2(told.find(expected.toStdString()) != std::string::npos, told.c_str());
  QVERIFY2(told.find(file.toStdString()) != std::string::npos, told.c_str());
}

void TestStateDict::handMadeFileIsRead() {
  const auto dict = StateDict::parse(toBytes(tensorFile({})), "x.pt");
  QVERIFY2(dict.has_value(), dict ? "" : dict.error().text().c_str());
  QVERIFY(valuesOf(*dict, "w") == (std::vector<float>{0, 1, 2, 3, 4, 5}));
}

void TestStateDict::checkOneLine(const std::string& file, const std::string& expected) {
  CostWatch watch;
  const std::string told = errorOf(file);
  QVERIFY2(told.find(expected) != std::string::npos, told.c_str());
  QVERIFY2(told.find('\n') == std::string::npos, told.c_str());
  QVERIFY(told.size() < 300);
  QVERIFY(watch.isQuick());
  JUDGE_MEMORY(watch);
}

void TestStateDict::hostilePickles_data() {
  QTest::addColumn<QByteArray>("pickle");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const std::string& pickle, const char* expected) {
    QTest::newRow(name) << QByteArray::fromStdString(pickle) << QString(expected);
  };
  const std::string begin = "\x80\x02";
  row("os.system", begin + global("posix", "system") + "(" + text("touch /tmp/x") + "tR.",
      "at byte 2: it names posix.system");
  row("eval", begin + global("builtins", "eval") + "(" + text("1") + "tR.", "builtins.eval");
  row("getattr", begin + global("__builtin__", "getattr") + ".", "__builtin__.getattr");
  row("torch.load", begin + global("torch.serialization", "load") + ".",
      "torch.serialization.load");
  row("a name with control characters", begin + global("a\x1b[2Jb", "c") + ".", "a?[2Jb.c");
  row("a call of a storage", begin + global("torch", "FloatStorage") + ")R.",
      "it calls torch FloatStorage");
  row("a call of a text", begin + text("posix.system") + ")R.", "what is no function");
  row("INST", begin + "(iposix\nsystem\n.", "INST (0x69)");
  row("OBJ", begin + "(o.", "OBJ (0x6f)");
  row("NEWOBJ", begin + global("collections", "OrderedDict") + ")\x81.", "NEWOBJ (0x81)");
  row("extension", begin + "\x82\x01.", "EXT1 (0x82)");
  row("protocol 4", "\x80\x04\x8c\x05posix\x8c\x06system\x93.", "protocol 4");
  row("STACK_GLOBAL", begin + text("posix") + text("system") + "\x93.", "STACK_GLOBAL (0x93)");
  row("text of 4 GiB", begin + "X\xff\xff\xff\xff" + "ab", "4294967295 bytes");
  row("integer of 255 bytes", begin + "\x8a\xff" + std::string(255, '\x7f') + ".", "255 bytes");
  row("cut off", begin + "}(X\x05", "cut off");
  row("empty", "", "cut off");
  row("no pickle", "hello", "no pickle of protocol 2");
  row("nothing to pop", begin + "0.", "POP (0x30)");
  row("a tuple of nothing", begin + "\x87.", "a value that is not there");
  row("no mark", begin + "t.", "a mark is missing");
  row("beyond a mark", begin + "K\x01(\x85t.", "a value that is not there");
  row("two values", begin + "}}.", "more than one value");
  row("an odd dict", begin + "}(K\x01u.", "a key without a value");
  row("append to a dict", begin + "}K\x01" + "a.", "no list");
  row("recall", begin + "h\x07.", "recalls value 7");
  row("attributes of a list", begin + "]}b.", "no dict");
  row("no dict", begin + "].", "no dict of tensors");
  row("no tensors", begin + "}.", "no tensors");
  row("OrderedDict of values", begin + global("collections", "OrderedDict") + "]\x85R.",
      "made of values");
  row("outside", begin + "(" + text("module") + "tQ.", "something outside");
  row("many values", begin + std::string(300'000, ')') + ".", "more than 200000 values");
  row("long name", begin + "c" + std::string(100'000, 'a') + "\n", "longer than 200 bytes");
  row("large pickle", begin + std::string(17'000'000, 'N'), "17000002 bytes");
  row("twice", dictPickle({{"w", TensorCode{}.code()}, {"w", TensorCode{}.code()}}),
      "The file cannot be imported: the tensor w is there twice");
}

void TestStateDict::hostilePickles() {
  QFETCH(QByteArray, pickle);
  QFETCH(QString, expected);
  checkOneLine(torchFile(pickle.toStdString()), expected.toStdString());
}

void TestStateDict::hostileTensors_data() {
  QTest::addColumn<QByteArray>("file");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const TensorCode& tensor, const char* expected) {
    QTest::newRow(name) << QByteArray::fromStdString(tensorFile(tensor)) << QString(expected);
  };
  const std::string f = "FloatStorage";
  constexpr std::int32_t kHuge = 2'000'000'000;
  row("negative stride", {f, "0", 6, 5, {6}, {-1}}, "a stride has a negative number, -1");
  row("negative size", {f, "0", 6, 0, {-2, 3}, {3, 1}}, "a shape has a negative number, -2");
  row("negative offset", {f, "0", 6, -1, {2}, {1}}, "do not fit");
  row("negative storage", {f, "0", -6, 0, {2}, {1}}, "-6 elements");
  row("one beyond", {f, "0", 6, 1, {2, 3}, {3, 1}}, "beyond its storage of 6 elements");
  row("stride beyond", {f, "0", 6, 0, {2, 3}, {4, 1}}, "beyond its storage");
  row("offset beyond", {f, "0", 6, 6, {1}, {1}}, "beyond its storage");
  row("storage beyond", {f, "0", 7, 0, {7}, {1}}, "7 elements, but the file has 6");
  row("wider type", {"DoubleStorage", "0", 6, 0, {6}, {1}}, "6 elements, but the file has 3");
  row("huge shape", {f, "0", 6, 0, {kHuge, kHuge, kHuge}, {1, 1, 1}}, "beyond its storage");
  row("huge strides", {f, "0", 6, 0, {2, 2}, {kHuge, kHuge}}, "beyond its storage");
  row("expanded", {f, "0", 6, 0, {kHuge}, {0}}, "beyond its storage");
  row("expanded often",
      {f, "0", 6, 0, {kHuge, kHuge, kHuge, kHuge, 4, 4, 4, 4}, {0, 0, 0, 0, 0, 0, 0, 0}},
      "beyond its storage");
  row("nine axes", {f, "0", 6, 0, std::vector<std::int32_t>(9, 1), std::vector<std::int32_t>(9, 1)},
      "9 axes");
  row("other axes", {f, "0", 6, 0, {2, 3}, {1}}, "do not fit");
  row("no such storage", {f, "1", 6, 0, {2}, {1}}, "a/data/1, which is not in the file");
  row("a path", {f, "../../../etc/passwd", 6, 0, {2}, {1}}, "which is not in the file");
  row("unknown type", {"QInt8Storage", "0", 6, 0, {2}, {1}}, "torch.QInt8Storage");
}

void TestStateDict::hostileTensors() {
  QFETCH(QByteArray, file);
  QFETCH(QString, expected);
  checkOneLine(file.toStdString(), expected.toStdString());
}

void TestStateDict::hostileZips_data() {
  QTest::addColumn<QByteArray>("file");
  QTest::addColumn<QString>("expected");
  const auto row = [](const char* name, const std::string& file, const char* expected) {
    QTest::newRow(name) << QByteArray::fromStdString(file) << QString(expected);
  };
  const std::string good = tensorFile({});
  const std::string pickle = dictPickle({{"w", TensorCode{}.code()}});
  const std::size_t first = directoryEntry(good, 0);
  const std::size_t second = directoryEntry(good, 1);
  const std::size_t third = directoryEntry(good, 2);
  const std::size_t end = good.find("PK\x05\x06");
  row("empty", "", "it is empty");
  row("nothing but a head", "PK\x03\x04", "too few for a zip");
  row("cut off", good.substr(0, good.size() - 1), "cut off");
  row("something behind", good + "x", "cut off");
  row("compressed", changed(good, first + 10, number<std::uint16_t>(8)), "compressed (method 8)");
  row("encrypted", changed(good, first + 8, number<std::uint16_t>(1)), "encrypted");
  row("a bomb by its size", changed(good, first + 24, number<std::uint32_t>(0xFFFFFFF0)),
      "two sizes");
  row("a bomb by both sizes",
      changed(good, first + 20,
              number<std::uint32_t>(0xFFFFFFF0) + number<std::uint32_t>(0xFFFFFFF0)),
      "more than the file has");
  row("an entry behind the end", changed(good, third + 42, number<std::uint32_t>(0x7FFFFFFF)),
      "does not begin at byte");
  row("overlapping", changed(good, second + 42, good.substr(first + 42, 4)),
      "another name in its own header");
  row("an entry within another", within(), "two entries overlap at byte");
  row("wrong checksum", changed(good, third + 16, number<std::uint32_t>(1)),
      "its checksum is wrong");
  row("more entries than there are",
      changed(good, end + 8, number<std::uint16_t>(900) + number<std::uint16_t>(900)),
      "its directory is damaged");
  row("a directory behind the end", changed(good, end + 16, number<std::uint32_t>(0x7FFFFFFF)),
      "its directory should have");
  row("4 GiB", changed(good, end + 16, number<std::uint32_t>(0xFFFFFFFF)), "more than 4 GiB");
  row("parts", changed(good, end + 4, number<std::uint16_t>(3)), "one part of a zip");
  row("names twice", zipOf({{"a/data.pkl", pickle}, {"a/data.pkl", pickle}}), "is there twice");
  row("two pickles", zipOf({{"a/data.pkl", pickle}, {"b/data.pkl", pickle}}),
      "two entries named data.pkl");
  row("no pickle", zipOf({{"a/data/0", "1234"}}), "no entry data.pkl");
  row("big-endian", zipOf({{"a/data.pkl", pickle}, {"a/byteorder", "big"}}), "not little-endian");
  row("a program", zipOf({{"a/data.pkl", pickle}, {"a/constants.pkl", ""}}), "TorchScript");
}

void TestStateDict::hostileZips() {
  QFETCH(QByteArray, file);
  QFETCH(QString, expected);
  checkOneLine(file.toStdString(), expected.toStdString());
}

/// Values in values, a value in itself, and values that would be 2^60 written out: each is there
/// once, and nobody walks through them.
void TestStateDict::deepAndShared() {
  CostWatch watch;
  const std::string tensor = TensorCode{}.code();
  std::string deep;
  for (int i = 0; i < 100'000; ++i) {
    deep += "]";
  }
  deep += std::string(99'999, 'a');
  std::string laughs = ")q\x01";
  for (int i = 0; i < 60; ++i) {
    laughs += "h\x01h\x01\x86q\x01";
  }
  for (int i = 0; i < 60; ++i) {
    laughs += "\x85";
  }
  const std::string itself =
      "]q\x02h\x02"
      "a";
  const auto dict = StateDict::parse(
      toBytes(torchFile(dictPickle({{"deep", deep}, {"itself", itself}, {"w", tensor}}))), "x.pt");
  QVERIFY2(dict.has_value(), dict ? "" : dict.error().text().c_str());
  QCOMPARE(dict->tensors().size(), 1U);
  QVERIFY(errorOf(torchFile("\x80\x02" + laughs + ".")).find("more than one value") !=
          std::string::npos);
  QVERIFY(watch.isQuick());
  JUDGE_MEMORY(watch);
}

/// A small file whose numbers, read name by name, would take hours.
void TestStateDict::oneStorageUnderManyNames() {
  const auto file = [](int names) {
    std::vector<std::pair<std::string, std::string>> entries{
        {"w", TensorCode{"FloatStorage", "0", 1000, 0, {1000}, {1}}.code() + "q\x09"}};
    for (int i = 1; i < names; ++i) {
      entries.emplace_back("blocks.0.attn.b_" + std::to_string(i), "h\x09");
    }
    return zipOf({{"a/data.pkl", dictPickle(entries)}, {"a/data/0", std::string(4000, '\0')}});
  };
  const auto tied = StateDict::parse(toBytes(file(2)), "x.pt");
  QVERIFY2(tied.has_value(), tied ? "" : tied.error().text().c_str());
  QCOMPARE(tied->tensors().size(), 2U);
  checkOneLine(file(30'000), "bytes are too few; expected tensors with numbers of their own");
}

QTEST_GUILESS_MAIN(TestStateDict)
#include "tst_state_dict.moc"
