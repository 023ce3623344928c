// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/fonts.h"
#include "widgets/glyph_outlines.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QTest>
#include <QThread>

#include <memory>

using namespace anchorlens::widgets;

namespace {

QFont fontOf(const QString& family, int weight, int size) {
  const Weight of = weight == QFont::DemiBold ? Weight::SemiBold : Weight::Regular;
  return family == monoFamily() ? monoFont(size, of) : textFont(size, of);
}

QPainterPath outlines(const QFont& font, const QString& text) {
  QPainterPath path;
  addOutlines(path, {3.25, 20.5}, font, text);
  return path;
}

std::vector<QPainterPath> sample() {
  std::vector<QPainterPath> paths;
  for (const FontFile& own : fontFiles()) {
    for (const int size : {11, 13, 20})
      paths.push_back(outlines(fontOf(own.family, own.weight, size), QStringLiteral("AV 0.123→")));
  }
  return paths;
}

/// What leaves its traces in the faces that the screen draws with.
void drawOnAScreen() {
  QImage image(200, 60, QImage::Format_RGB32);
  for (const FontFile& own : fontFiles()) {
    for (const int size : {13, 20, 40}) {
      for (const auto hinting : {QFont::PreferNoHinting, QFont::PreferDefaultHinting}) {
        QFont font = fontOf(own.family, own.weight, size);
        font.setHintingPreference(hinting);
        QPainter painter(&image);
        painter.setFont(font);
        painter.drawText(0, 50, QStringLiteral("AV 0.123"));
      }
    }
  }
}

}  // namespace

class TestGlyphOutlines : public QObject {
  Q_OBJECT

 private slots:
  void equalWhateverWasDrawnBefore() {
    QVERIFY(loadFonts());
    const auto before = sample();
    drawOnAScreen();
    QVERIFY(sample() == before);
    std::vector<QPainterPath> elsewhere;
    const std::unique_ptr<QThread> thread(QThread::create([&elsewhere] {
      drawOnAScreen();
      elsewhere = sample();
    }));
    thread->start();
    QVERIFY(thread->wait());
    QVERIFY(elsewhere == before);
  }

  void glyphsAndPlacesAreThoseOfTheText_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<int>("weight");
    QTest::addColumn<QString>("text");
    const QString texts[] = {QStringLiteral("AVATAR To"), QStringLiteral("12 345"),
                             QString::fromUtf8("−6·10⁻⁷ γ → …"), QString::fromUtf8("é漢")};
    for (const FontFile& own : fontFiles()) {
      for (const QString& text : texts)
        QTest::addRow("%s %d %s", qPrintable(own.family), own.weight, qPrintable(text))
            << own.family << own.weight << text;
    }
  }

  void glyphsAndPlacesAreThoseOfTheText() {
    QFETCH(QString, family);
    QFETCH(int, weight);
    QFETCH(QString, text);
    const QFont font = fontOf(family, weight, 30);
    QPainterPath plain;
    plain.addText({3.25, 20.5}, font, text);
    const QPainterPath ours = outlines(font, text);
    // Rounded to 1/64 pixel, hinted in places: never by as much as a twentieth.
    constexpr double kNear = 0.05;
    QCOMPARE(ours.elementCount(), plain.elementCount());
    for (int i = 0; i < ours.elementCount(); ++i) {
      const QPointF apart = QPointF(ours.elementAt(i)) - QPointF(plain.elementAt(i));
      QVERIFY2(apart.manhattanLength() < kNear, qPrintable(QString::number(i)));
    }
  }
};

QTEST_MAIN(TestGlyphOutlines)
#include "tst_glyph_outlines.moc"
