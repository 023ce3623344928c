// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/crc32.h"
#include "engine/core/store/frame_blob.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/scores_blob.h"
#include "tests/core/store/run_fixture.h"

#include <QTest>

#include <chrono>
#include <cstring>
#include <limits>

using namespace anchorlens::core;
using namespace run_fixture;

namespace {

/// Arrays only: what the blob holds.
bool sameArrays(Frame a, Frame b) {
  a.scores.clear();
  b.scores.clear();
  b.step = a.step;
  b.epoch = a.epoch;
  b.probe_accuracy = a.probe_accuracy;
  b.probe_loss = a.probe_loss;
  return sameFrame(a, b);
}

bool comesBack(const Frame& frame) {
  Frame read;
  return decodeFrame(encodeFrame(frame), read).has_value() && sameArrays(frame, read);
}

void mendChecksum(std::vector<std::byte>& blob) {
  const std::uint32_t checksum = crc32(0, std::span(blob).subspan(8));
  std::memcpy(blob.data() + 4, &checksum, 4);
}

}  // namespace

class TestFrameBlob : public QObject {
  Q_OBJECT

 private slots:
  void comesBackToTheBit();
  void oddFramesComeBack();
  void doesNotStoreMaskedCells();
  void damageIsAnError();
  void hostileSizesTakeNoMemory();
  void bytesPerFrame();
};

void TestFrameBlob::comesBackToTheBit() {
  QVERIFY(comesBack(makeFrame(100)));
  QVERIFY(comesBack(makeFrame(100, 4, 4)));
  QVERIFY(comesBack(makeFrame(100, 3, 1, 5, 20)));
}

void TestFrameBlob::oddFramesComeBack() {
  QVERIFY(comesBack(Frame{}));
  Frame no_heads = makeFrame(1);
  no_heads.shown = no_heads.mean = PatternBatch{};
  QVERIFY(comesBack(no_heads));
  Frame full_mask = makeFrame(1);
  std::fill(full_mask.shown.pattern.begin(), full_mask.shown.pattern.end(), 1.0F / 9);
  QVERIFY(comesBack(full_mask));
  Frame zeros = makeFrame(1);
  std::fill(zeros.shown.pattern.begin(), zeros.shown.pattern.end(), 0.0F);
  QVERIFY(comesBack(zeros));
  // Lengths differ: the last rows of one sequence are padding.
  Frame padded = makeFrame(1);
  std::fill(padded.shown.pattern.begin() + 81 * 2 - 30, padded.shown.pattern.begin() + 81 * 2,
            0.0F);
  padded.mean = PatternBatch{};
  QVERIFY(comesBack(padded));
  Frame broken_model = makeFrame(1);
  broken_model.shown.pattern[0] = std::numeric_limits<float>::quiet_NaN();
  broken_model.shown.pattern[1] = -0.0F;
  broken_model.shown.pattern[2] = std::numeric_limits<float>::infinity();
  QVERIFY(comesBack(broken_model));
}

void TestFrameBlob::doesNotStoreMaskedCells() {
  Frame frame;
  frame.shown = makeFrame(1).shown;
  // 45 of 81 cells are visible; header of 12 bytes, one array of 40, one mask of 11, its count 4.
  QCOMPARE(encodeFrame(frame).size(), std::size_t{12 + 40 + 4 + 11 + 16 * 2 * 45 * 4});
}

void TestFrameBlob::damageIsAnError() {
  const std::vector<std::byte> blob = encodeFrame(makeFrame(7, 2, 1, 2, 4));
  for (std::size_t size = 0; size < blob.size(); ++size) {
    Frame read;
    QVERIFY(!decodeFrame(std::span(blob).first(size), read));
    // The same cut, with a checksum that fits: lengths must be checked too.
    if (size > 8) {
      std::vector<std::byte> cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size));
      mendChecksum(cut);
      QVERIFY(!decodeFrame(cut, read));
    }
  }
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::vector<std::byte> flipped = blob;
    flipped[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    Frame read;
    QVERIFY2(!decodeFrame(flipped, read), qPrintable(QString::number(bit)));
    mendChecksum(flipped);
    (void)decodeFrame(flipped, read);  // any answer, but no crash
  }
}

void TestFrameBlob::hostileSizesTakeNoMemory() {
  // Axes of the first array, at 12 + 16 each 4 bytes.
  for (const std::uint32_t axis : {0xFFFFFFFFU, 0x10000U, 0U}) {
    std::vector<std::byte> blob = encodeFrame(makeFrame(7, 2, 1, 2));
    for (std::size_t i = 0; i < 5; ++i) {
      std::memcpy(blob.data() + 28 + 4 * i, &axis, 4);
    }
    mendChecksum(blob);
    Frame read;
    const auto decoded = decodeFrame(blob, read);
    QVERIFY(!decoded);
    QCOMPARE(decoded.error(), std::string("its array shown is damaged"));
  }
}

void TestFrameBlob::bytesPerFrame() {
  struct Shape {
    const char* name;
    int n_layers;
    int n_heads;
  };
  for (const Shape& shape :
       {Shape{"demo (2 layers, 1 head)", 2, 1}, Shape{"paper (4 layers, 4 heads)", 4, 4}}) {
    const Frame frame = makeFrame(100, shape.n_layers, shape.n_heads);
    const std::size_t plain = (frame.shown.pattern.size() + frame.mean.pattern.size()) * 4 +
                              frame.predictions.size() * sizeof(Prediction);
    const auto begin = std::chrono::steady_clock::now();
    std::size_t stored = 0;
    for (int i = 0; i < 100; ++i) {
      stored = encodeFrame(frame).size();
    }
    const std::chrono::duration<double, std::micro> us = std::chrono::steady_clock::now() - begin;
    qInfo("%s: arrays %zu bytes, stored %zu in %.0f us; head scores stored %zu", shape.name, plain,
          stored, us.count() / 100, encodeScores(frame.scores).size());
    QVERIFY(stored < plain * 6 / 10);
  }
  ExperimentSpec spec = makeSpec(1);
  const std::size_t estimate = frameBytes(spec);
  QVERIFY(estimate > 16 * 2 * 81 * 4);
  QVERIFY(estimate < 16 * 2 * 81 * 4 * 2);
  spec.model.kind = ModelSpec::Kind::Lstm;
  QCOMPARE(frameBytes(spec), std::size_t{16 * 40});
}

QTEST_GUILESS_MAIN(TestFrameBlob)
#include "tst_frame_blob.moc"
