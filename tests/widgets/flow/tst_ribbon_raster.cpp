// SPDX-License-Identifier: GPL-3.0-or-later
// The quick curves of the Flow tab against QPainter's own.
#include "widgets/flow/ribbon_raster.h"

#include <QPainter>
#include <QPainterPath>
#include <QtTest>

#include <cmath>

using namespace anchorlens::widgets;

namespace {

constexpr QRectF kArea(10, 20, 400, 160);

RibbonCurve curve(double x0, double x1) {
  const QPointF from(x0, 165.3);
  const QPointF to(x1, 30.6);
  const QPointF bend(0, 0.55 * (from.y() - to.y()));
  return {from, from - bend, to + bend, to};
}

QImage blank(const RibbonRaster& raster) {
  QImage image(raster.image().size(), QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  return image;
}

QImage byPainter(const RibbonRaster& raster, double ratio, const RibbonCurve& c, double width,
                 const QColor& colour) {
  QImage image = blank(raster);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.scale(ratio, ratio);
  painter.translate(-raster.origin());
  QPainterPath path(c[0]);
  path.cubicTo(c[1], c[2], c[3]);
  painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::FlatCap));
  painter.drawPath(path);
  return image;
}

struct Difference {
  double mean = 0;     ///< of alpha, over the pixels that either covers; 1 = opaque
  double longest = 0;  ///< of the ink of one row, as a share of it
};

Difference compare(const QImage& a, const QImage& b) {
  Difference result;
  double pixels = 0;
  for (int y = 0; y < a.height(); ++y) {
    double ink_a = 0;
    double ink_b = 0;
    for (int x = 0; x < a.width(); ++x) {
      const double alpha_a = qAlpha(a.pixel(x, y)) / 255.0;
      const double alpha_b = qAlpha(b.pixel(x, y)) / 255.0;
      ink_a += alpha_a;
      ink_b += alpha_b;
      if (alpha_a > 0 || alpha_b > 0) {
        result.mean += std::abs(alpha_a - alpha_b);
        ++pixels;
      }
    }
    if (ink_b > 0.5)
      result.longest = std::max(result.longest, std::abs(ink_a - ink_b) / ink_b);
  }
  result.mean /= std::max(1.0, pixels);
  return result;
}

}  // namespace

class TestRibbonRaster : public QObject {
  Q_OBJECT

 private slots:
  void looksLikeQPainter_data() {
    QTest::addColumn<double>("to");
    QTest::addColumn<double>("width");
    QTest::addColumn<double>("ratio");
    for (const double to : {30.0, 60.0, 140.0, 390.0}) {
      for (const double width : {0.7, 1.5, 3.0, 7.0}) {
        for (const double ratio : {1.0, 1.25, 2.0}) {
          if (width * ratio < 1)
            continue;  // QPainter draws these as lines of one pixel
          QTest::addRow("to %g, width %g, ratio %g", to, width, ratio) << to << width << ratio;
        }
      }
    }
  }
  void looksLikeQPainter() {
    QFETCH(double, to);
    QFETCH(double, width);
    QFETCH(double, ratio);
    RibbonRaster raster(kArea, ratio);
    const RibbonCurve c = curve(30, to);
    raster.draw(c, width, Qt::black);
    const auto difference = compare(raster.image(), byPainter(raster, ratio, c, width, Qt::black));
    QVERIFY2(difference.mean < 0.06, qPrintable(QString::number(difference.mean)));
    QVERIFY2(difference.longest < 0.2, qPrintable(QString::number(difference.longest)));
  }

  /// Of each row a line covers as much as it is wide.
  void thinLinesAreFaint() {
    for (const double width : {0.25, 0.7}) {
      for (const double x : {100.0, 100.3, 100.5}) {
        RibbonRaster raster(kArea, 1);
        raster.draw(curve(x, x), width, Qt::black);
        double ink = 0;
        for (int i = 0; i < raster.image().width(); ++i)
          ink += qAlpha(raster.image().pixel(i, 60)) / 255.0;
        QVERIFY2(std::abs(ink - width) < 0.01, qPrintable(QString::number(ink)));
      }
    }
  }

  /// Colours lie over each other as QPainter lays them.
  void coloursAreBlended() {
    const QColor red(200, 30, 20, 90);
    const QColor blue(20, 60, 220, 140);
    RibbonRaster raster(kArea, 1);
    const RibbonCurve straight = curve(100, 100);
    raster.draw(straight, 9, red);
    raster.draw(straight, 5, blue);
    QImage expected = blank(raster);
    {
      QPainter painter(&expected);
      painter.fillRect(expected.rect(), red);
      painter.fillRect(expected.rect(), blue);
    }
    const QRgb got = raster.image().pixel(90, 60);  // x 100 in the middle of both
    const QRgb wanted = expected.pixel(90, 60);
    const auto near = [](int a, int b) { return std::abs(a - b) <= 3; };
    QVERIFY2(near(qRed(got), qRed(wanted)) && near(qGreen(got), qGreen(wanted)) &&
                 near(qBlue(got), qBlue(wanted)) && near(qAlpha(got), qAlpha(wanted)),
             qPrintable(QString::number(got, 16)));
  }

  void whatLeavesTheAreaIsCut() {
    RibbonRaster raster(QRectF(50, 60, 40, 40), 1);
    raster.draw(curve(-200, 900), 7, Qt::black);
    raster.draw(curve(70, 70), 7, Qt::black);
    QCOMPARE(raster.image().size(), QSize(40, 40));
    QCOMPARE(qAlpha(raster.image().pixel(20, 20)), 255);
  }
};

QTEST_GUILESS_MAIN(TestRibbonRaster)
#include "tst_ribbon_raster.moc"
