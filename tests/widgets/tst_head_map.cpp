// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "widgets/head_map.h"

#include <QImage>
#include <QPainter>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// pattern[q][k] = (10 q + k) / 100: every cell tells where it stands.
HeadMapData numbered(int length, bool causal = true) {
  HeadMapData map;
  map.length = length;
  map.causal = causal;
  for (int q = 0; q < length; ++q) {
    for (int k = 0; k < length; ++k) {
      map.pattern.push_back(static_cast<float>(causal && k > q ? 0 : (10 * q + k) / 100.0));
    }
    map.tokens.push_back({QString::number(20 + q), TokenRole::Noise});
  }
  return map;
}

HeadMapOptions bare() {
  HeadMapOptions options;
  options.values = options.outlines = options.tokens = false;
  options.axis_titles = options.colour_bar = options.gaps = false;
  return options;
}

QImage painted(const HeadMapData& map, const HeadMapOptions& options, HeadMapLayout& layout,
               double ratio = 1) {
  QImage image(QSize(360, 360) * ratio, QImage::Format_RGB32);
  image.setDevicePixelRatio(ratio);
  image.fill(Qt::magenta);
  layout = layoutHeadMap(QRectF(0, 0, 360, 360), map, options, ratio);
  QPainter painter(&image);
  paintHeadMap(painter, layout, map, options, Theme::dark());
  return image;
}

}  // namespace

class TestHeadMap : public QObject {
  Q_OBJECT

 private slots:
  void cellOfKey0Query3ShowsPattern30() {
    const HeadMapData map = numbered(6);
    QCOMPARE(map.at({3, 0}), 0.30F);
    for (const bool is_vector : {false, true}) {
      HeadMapOptions options = bare();
      options.vector = is_vector;
      HeadMapLayout layout;
      const QImage image = painted(map, options, layout);
      for (int q = 0; q < 6; ++q) {
        for (int k = 0; k <= q; ++k) {
          const QPoint middle = layout.cellRect({q, k}).center().toPoint();
          QCOMPARE(image.pixel(middle), colourAt(ColourMap::Viridis, (10 * q + k) / 100.0));
        }
      }
      // Query rows run downwards, sources to the right.
      QVERIFY(layout.cellRect({3, 0}).top() > layout.cellRect({2, 0}).top());
      QVERIFY(layout.cellRect({3, 1}).left() > layout.cellRect({3, 0}).left());
      QCOMPARE(layout.cellRect({3, 0}).left(), layout.cellRect({5, 0}).left());
    }
  }

  void maskedCellsAreHatchedNotZero() {
    HeadMapLayout layout;
    const QImage image = painted(numbered(6), bare(), layout);
    const QRect masked = layout.cellRect({1, 4}).toRect();
    bool has_hatch = false;
    for (int x = masked.left(); x < masked.right(); ++x) {
      const QRgb pixel = image.pixel(x, masked.center().y());
      QVERIFY(pixel != colourAt(ColourMap::Viridis, 0));
      has_hatch = has_hatch || pixel != Theme::dark().plot.rgb();
    }
    QVERIFY(has_hatch);
    // Without a mask every cell has a colour.
    const QImage full = painted(numbered(6, false), bare(), layout);
    QCOMPARE(full.pixel(layout.cellRect({1, 4}).center().toPoint()),
             colourAt(ColourMap::Viridis, 0.14));
  }

  void cellsAreWholeDevicePixels_data() {
    QTest::addColumn<double>("ratio");
    QTest::newRow("1") << 1.0;
    QTest::newRow("1.25") << 1.25;
    QTest::newRow("1.5") << 1.5;
    QTest::newRow("2") << 2.0;
  }
  void cellsAreWholeDevicePixels() {
    QFETCH(double, ratio);
    HeadMapLayout layout;
    HeadMapOptions options;
    painted(numbered(9), options, layout, ratio);
    const double pixels = layout.cell * ratio;
    QCOMPARE(pixels, std::round(pixels));
    const double left = layout.map.left() * ratio;
    QVERIFY(qAbs(left - std::round(left)) < 1e-6);
  }

  void everythingFits() {
    for (const int length : {1, 2, 9, 20, 64}) {
      const HeadMapLayout layout =
          layoutHeadMap(QRectF(10, 20, 500, 400), numbered(length), HeadMapOptions{}, 1);
      QVERIFY2(layout.needed.width() <= 500 && layout.needed.height() <= 400,
               qPrintable(QString::number(length)));
      QVERIFY(layout.map.top() >= 20);
    }
    // A length that does not fit keeps the smallest cell and says what it needs.
    HeadMapOptions options;
    options.min_cell = 12;
    const HeadMapLayout layout = layoutHeadMap(QRectF(0, 0, 300, 300), numbered(100), options, 1);
    QCOMPARE(layout.cell, 12.0);
    QVERIFY(layout.needed.width() > 1200);
  }

  void pointsFindTheirCells() {
    const HeadMapLayout layout = layoutHeadMap(QRectF(0, 0, 400, 400), numbered(9), {}, 1);
    for (int q = 0; q < 9; ++q) {
      for (int k = 0; k < 9; ++k) {
        QCOMPARE(layout.cellAt(layout.cellRect({q, k}).center()), (Cell{q, k}));
      }
    }
    QVERIFY(!layout.cellAt(layout.map.topLeft() - QPointF(1, 1)).isValid());
    QVERIFY(!layout.cellAt(layout.map.bottomRight() + QPointF(1, 1)).isValid());
  }

  void valuesArePrintedFromFiveHundredths() {
    HeadMapData map = numbered(3);
    map.pattern = {1, 0, 0, 0.04F, 0.96F, 0, 0, 0, 1};
    HeadMapOptions with = bare();
    with.values = true;
    HeadMapLayout layout;
    const QImage plain = painted(map, bare(), layout);
    const QImage printed = painted(map, with, layout);
    const auto differs = [&](Cell cell) {
      return plain.copy(layout.cellRect(cell).toRect()) !=
             printed.copy(layout.cellRect(cell).toRect());
    };
    QVERIFY(differs({0, 0}));
    QVERIFY(differs({1, 1}));
    QVERIFY(!differs({1, 0}));  // 0.04
    with.min_value_cell = 1000;
    QCOMPARE(painted(map, with, layout), plain);
  }

  void scaleEndsAtOneOrAtTheHeadsOwnMaximum() {
    HeadMapData map = numbered(3);
    map.pattern = {0.5F, 0, 0, 0.25F, 0.25F, 0, 0, 0, 0.1F};
    HeadMapOptions options = bare();
    QCOMPARE(scaleEnd(map, options), 1.0);
    options.per_head = true;
    QCOMPARE(scaleEnd(map, options), 0.5);
    HeadMapLayout layout;
    const QImage image = painted(map, options, layout);
    QCOMPARE(image.pixel(layout.cellRect({1, 0}).center().toPoint()),
             colourAt(ColourMap::Viridis, 0.5));
    map.pattern.assign(9, 0);
    QCOMPARE(scaleEnd(map, options), 1.0);
  }

  void nothingToDrawIsDrawnAsNothing() {
    HeadMapLayout layout;
    const QImage image = painted({}, {}, layout);
    QCOMPARE(image.pixelColor(10, 10), QColor(Qt::magenta));
    QVERIFY(!layout.cellAt({0, 0}).isValid());
  }
};

QTEST_MAIN(TestHeadMap)
#include "tst_head_map.moc"
