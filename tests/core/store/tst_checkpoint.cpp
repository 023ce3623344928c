// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/checkpoint.h"
#include "tests/core/store/run_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace anchorlens::core;
using namespace run_fixture;
namespace fs = std::filesystem;

namespace {

/// A file by hand: header text, then `data_bytes` zeros.
std::string rawFile(const std::string& header, std::size_t data_bytes) {
  std::string bytes(8, '\0');
  const std::uint64_t size = header.size();
  std::memcpy(bytes.data(), &size, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

Tensor makeTensor(const std::string& name, DType dtype, std::vector<std::int64_t> shape) {
  std::size_t bytes = dtypeSize(dtype);
  for (const std::int64_t axis : shape) {
    bytes *= static_cast<std::size_t>(axis);
  }
  Tensor tensor{name, dtype, std::move(shape), std::vector<std::byte>(bytes)};
  for (std::size_t i = 0; i < bytes; ++i) {
    tensor.data[i] = static_cast<std::byte>(i * 37 + name.size());
  }
  return tensor;
}

}  // namespace

class TestCheckpoint : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_file = fs::path(m_folder.path().toStdString()) / "weights.safetensors"; }
  void comesBack();
  void layoutIsThatOfTheFormat();
  void readsWhatOthersWrite();
  void refusesBadHeaders_data();
  void refusesBadHeaders();
  void refusesWhatIsNoFile();
  void refusesToWriteWhatCannotBeRead();
  void everyTruncationIsAnError();
  void everyFlippedBitIsAnErrorOrHarmless();
  void checksTensorsBothWays();

 private:
  QTemporaryDir m_folder;
  fs::path m_file;
};

void TestCheckpoint::comesBack() {
  Checkpoint checkpoint;
  checkpoint.metadata = {{"step", "12"}, {"odd \"key\"", "line\nbreak \u00e4 \\"}, {"empty", ""}};
  checkpoint.tensors = {makeTensor("a", DType::F64, {2, 3}),
                        makeTensor("b", DType::I64, {1}),
                        makeTensor("c \u03b1", DType::F32, {2, 1, 2}),
                        makeTensor("d", DType::F32, {}),
                        makeTensor("e", DType::F32, {0, 7}),
                        makeTensor("f", DType::BF16, {3}),
                        makeTensor("g", DType::U8, {5})};
  QVERIFY(writeSafetensors(m_file, checkpoint));
  const auto read = readSafetensors(m_file);
  QVERIFY2(read, read ? "" : read.error().text().c_str());
  QCOMPARE(read->metadata, checkpoint.metadata);
  QCOMPARE(read->tensors, checkpoint.tensors);
  QVERIFY(read->find("f") != nullptr);
  QVERIFY(read->find("h") == nullptr);
  const auto metadata = readSafetensorsMetadata(m_file);
  QVERIFY(metadata);
  QCOMPARE(*metadata, checkpoint.metadata);
  const auto shapes = readSafetensorsShapes(m_file);
  QVERIFY(shapes);
  QCOMPARE(shapes->size(), checkpoint.tensors.size());
  QVERIFY(checkTensors(m_file, *read, *shapes));
  // Without tensors, and without anything.
  QVERIFY(writeSafetensors(m_file, Checkpoint{}));
  QVERIFY(readSafetensors(m_file));
}

void TestCheckpoint::layoutIsThatOfTheFormat() {
  Checkpoint checkpoint;
  checkpoint.metadata = {{"step", "3"}};
  checkpoint.tensors = {makeTensor("narrow", DType::U8, {3}), makeTensor("wide", DType::F64, {2})};
  QVERIFY(writeSafetensors(m_file, checkpoint));
  const std::string bytes = readFile(m_file);
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), 8);
  QCOMPARE(header_size % 8, std::uint64_t{0});
  QCOMPARE(bytes.size(), 8 + header_size + 16 + 3);
  const std::string header = bytes.substr(8, header_size);
  // Wide types first, so that all are aligned; offsets count from the end of the header.
  QVERIFY2(header.find(R"("wide":{"dtype":"F64","shape":[2],"data_offsets":[0,16]})") !=
               std::string::npos,
           header.c_str());
  QVERIFY(header.find(R"("narrow":{"dtype":"U8","shape":[3],"data_offsets":[16,19]})") !=
          std::string::npos);
  QVERIFY(header.find(R"("__metadata__":{"crc32":")") == 1);
}

void TestCheckpoint::readsWhatOthersWrite() {
  // Blanks, another order, no metadata, no checksum.
  overwrite(m_file, rawFile(R"( { "b": {"shape": [1, 2], "data_offsets": [4, 12], "dtype": "F32"},
      "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]} }  )",
                            12));
  const auto read = readSafetensors(m_file);
  QVERIFY2(read, read ? "" : read.error().text().c_str());
  QCOMPARE(read->tensors.size(), std::size_t{2});
  QCOMPARE(read->tensors[0].name, std::string("a"));
  QVERIFY(read->metadata.empty());
}

void TestCheckpoint::refusesBadHeaders_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<QString>("message");
  const auto row = [](const char* name, const std::string& bytes, const char* message) {
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromUtf8(message);
  };
  const auto tensor = [](const char* content) { return std::string("{\"a\":{") + content + "}}"; };
  row("empty file", "", "it has 0 bytes");
  row("seven bytes", "\x01\x02\x03\x04\x05\x06\x07", "it has 7 bytes");
  row("header longer than file", rawFile("{}", 0).replace(0, 1, "\x40"), "should have 64 bytes");
  row("huge header", std::string(8, '\xff') + "{}", "should have 18446744073709551615 bytes");
  row("no JSON", rawFile("hello", 0), "no valid JSON at byte 1");
  row("cut JSON", rawFile("{\"a\":", 0), "no valid JSON");
  row("more after JSON", rawFile("{} {}", 0), "no valid JSON");
  row("bad UTF-8", rawFile("{\"__metadata__\":{\"a\":\"\xc3\x28\"}}", 0), "no valid JSON");
  row("a list", rawFile("[]", 0), "a list where that cannot be");
  row("a text", rawFile("\"a\"", 0), "a text where that cannot be");
  row("deep", rawFile(std::string(100000, '['), 0), "a list where that cannot be");
  row("deep objects", rawFile("{\"a\":{\"shape\":{\"b\":{}}}}", 0),
      "an object where that cannot be");
  row("metadata not text", rawFile(R"({"__metadata__":{"a":1}})", 0), "a number where");
  row("metadata nested", rawFile(R"({"__metadata__":{"a":{}}})", 0), "an object where");
  row("unknown dtype", rawFile(tensor(R"("dtype":"F16","shape":[1],"data_offsets":[0,2])"), 2),
      "the tensor a has the type F16; F32, F64, I64, BF16 and U8 can be read");
  row("unknown field",
      rawFile(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4],"x":"y")"), 4),
      "an unknown field x");
  row("no dtype", rawFile(tensor(R"("shape":[1],"data_offsets":[0,4])"), 4), "has no dtype");
  row("no shape", rawFile(tensor(R"("dtype":"F32","data_offsets":[0,4])"), 4), "has no shape");
  row("no offsets", rawFile(tensor(R"("dtype":"F32","shape":[1])"), 4), "has no data_offsets");
  row("one offset", rawFile(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0])"), 4),
      "no pair of offsets");
  row("three offsets", rawFile(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,8])"), 4),
      "a number where");
  row("negative axis", rawFile(tensor(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), 4),
      "a negative number");
  row("fraction", rawFile(tensor(R"("dtype":"F32","shape":[1.5],"data_offsets":[0,6])"), 6),
      "a fraction");
  row("beyond 64 bits",
      rawFile(tensor(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4])"), 4),
      "a number without end");
  row("too large a number",
      rawFile(tensor(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4])"), 4),
      "is too large");
  row("product overflows",
      rawFile(tensor(R"("dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0])"), 0),
      "needs too many bytes");
  row("many axes",
      rawFile(
          tensor(
              R"("dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1])"),
          1),
      "more than 16 axes");
  row("offsets backwards", rawFile(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"), 4),
      "but its offsets are 4 to 0");
  row("shape against offsets",
      rawFile(tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"), 4),
      "needs 8 bytes, but its offsets are 0 to 4");
  row("data cut off", rawFile(tensor(R"("dtype":"F32","shape":[4],"data_offsets":[0,16])"), 15),
      "its tensors need 16 bytes of data, but the file has 15");
  row("data too long", rawFile(tensor(R"("dtype":"F32","shape":[4],"data_offsets":[0,16])"), 17),
      "but the file has 17");
  row("gap",
      rawFile(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
              R"("b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]}})",
              5),
      "leaves a gap after byte 2");
  row("overlap",
      rawFile(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
              R"("b":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}})",
              5),
      "inside the one before it, which ends at 3");
  row("gap at the start", rawFile(tensor(R"("dtype":"U8","shape":[2],"data_offsets":[1,3])"), 3),
      "leaves a gap after byte 0");
  row("same name twice",
      rawFile(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
              R"("a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
              2),
      "the name a is there twice");
  row("same field twice",
      rawFile(tensor(R"("dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1])"), 1),
      "the field dtype of a is there twice");
  row("metadata twice", rawFile(R"({"__metadata__":{},"__metadata__":{}})", 0), "there twice");
}

void TestCheckpoint::refusesBadHeaders() {
  QFETCH(QByteArray, bytes);
  QFETCH(QString, message);
  overwrite(m_file, bytes.toStdString());
  const auto read = readSafetensors(m_file);
  QVERIFY(!read);
  const QString text = QString::fromStdString(read.error().message);
  QVERIFY2(text.contains(message), qPrintable(text));
  QVERIFY2(text.startsWith("The file is no complete safetensors file: "), qPrintable(text));
  QCOMPARE(read.error().path, m_file.string());
  QVERIFY(!readSafetensorsMetadata(m_file));
  QVERIFY(!readSafetensorsShapes(m_file));
}

void TestCheckpoint::refusesWhatIsNoFile() {
  QVERIFY(!readSafetensors(m_file.parent_path() / "missing"));
  QCOMPARE(readSafetensors(m_file.parent_path()).error().message, std::string("This is no file."));
}

void TestCheckpoint::refusesToWriteWhatCannotBeRead() {
  overwrite(m_file, "what was there");
  Checkpoint twice;
  twice.tensors = {makeTensor("a", DType::U8, {1}), makeTensor("a", DType::U8, {1})};
  QVERIFY(!writeSafetensors(m_file, twice));
  Checkpoint wrong_shape;
  wrong_shape.tensors = {makeTensor("a", DType::F32, {2})};
  wrong_shape.tensors[0].shape = {3};
  const auto written = writeSafetensors(m_file, wrong_shape);
  QVERIFY(!written);
  QVERIFY2(written.error().message.starts_with("Nothing was written: the tensor a"),
           written.error().message.c_str());
  QCOMPARE(readFile(m_file), std::string("what was there"));
}

void TestCheckpoint::everyTruncationIsAnError() {
  QVERIFY(writeSafetensors(m_file, makeCheckpoint(5, true, 4)));
  for (std::size_t size = fs::file_size(m_file); size-- > 0;) {
    fs::resize_file(m_file, size);
    QVERIFY2(!readSafetensors(m_file), qPrintable(QString::number(size)));
  }
}

void TestCheckpoint::everyFlippedBitIsAnErrorOrHarmless() {
  const Checkpoint checkpoint = makeCheckpoint(5, false, 2);
  QVERIFY(writeSafetensors(m_file, checkpoint));
  int n_harmless = 0;
  for (std::size_t bit = 0; bit < fs::file_size(m_file) * 8; ++bit) {
    flipBit(m_file, bit);
    const auto read = readSafetensors(m_file);
    flipBit(m_file, bit);
    if (read) {
      // Only the name of the checksum itself can change unseen.
      ++n_harmless;
      QCOMPARE(read->tensors, checkpoint.tensors);
      QCOMPARE(read->metadata.at("step"), std::string("5"));
    }
  }
  QVERIFY2(n_harmless < 40, qPrintable(QString::number(n_harmless)));
}

void TestCheckpoint::checksTensorsBothWays() {
  Checkpoint checkpoint;
  checkpoint.tensors = {makeTensor("layers.0.attn.q.weight", DType::F32, {64, 400})};
  const std::vector<TensorShape> right{{"layers.0.attn.q.weight", DType::F32, {64, 400}}};
  QVERIFY(checkTensors(m_file, checkpoint, right));
  const auto message = [&](const std::vector<TensorShape>& expected) {
    const auto result = checkTensors(m_file, checkpoint, expected);
    return result ? std::string() : result.error().message;
  };
  QCOMPARE(message({{"layers.0.attn.q.weight", DType::F32, {128, 400}}}),
           std::string("The tensor layers.0.attn.q.weight has shape 64 \u00d7 400, "
                       "expected 128 \u00d7 400. Nothing was loaded."));
  QCOMPARE(message({{"layers.0.attn.q.weight", DType::F64, {64, 400}}}),
           std::string("The tensor layers.0.attn.q.weight has type F32, expected F64. "
                       "Nothing was loaded."));
  QCOMPARE(message({{"layers.0.attn.q.weight", DType::F32, {64, 400}}, {"b", DType::F32, {1}}}),
           std::string("The tensor b is missing. Nothing was loaded."));
  QCOMPARE(message({}), std::string("The tensor layers.0.attn.q.weight is not one of this model. "
                                    "Nothing was loaded."));
  QCOMPARE(message({{"b", DType::F32, {}}, {"c", DType::F32, {1}}}),
           std::string("The tensor b is missing. 2 more tensors do not fit. Nothing was loaded."));
  checkpoint.tensors[0].data.pop_back();
  QVERIFY(!checkTensors(m_file, checkpoint, right));
}

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "tst_checkpoint.moc"
