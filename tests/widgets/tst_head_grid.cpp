// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/made_run.h"
#include "tests/widgets/paint_counter.h"
#include "widgets/fonts.h"
#include "widgets/head_grid.h"

#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

std::vector<HeadTile> tilesOf(const tests::MadeRun& run, std::int64_t step) {
  const auto frame = run.frame(step);
  const auto labels = run.history().labelsAt(step);
  std::vector<HeadTile> tiles;
  for (const HeadMapData& map : makeHeadMaps(*frame, *run.probe(), {})) {
    const std::size_t i = tiles.size();
    tiles.push_back({map, badgeOf(labels[i], frame->scores[i], run.probe()->roles), {}});
  }
  return tiles;
}

}  // namespace

class TestHeadGrid : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() { QApplication::setFont(textFont(13)); }

  void tilesAreTheLargestThatFit_data() {
    QTest::addColumn<QSize>("room");
    QTest::addColumn<bool>("compact");
    QTest::addColumn<int>("tile");
    QTest::newRow("plenty") << QSize(800, 800) << false << 168;
    QTest::newRow("compact never takes the largest") << QSize(800, 800) << true << 112;
    QTest::newRow("not high enough for two of 168") << QSize(800, 430) << false << 112;
    QTest::newRow("not wide enough") << QSize(290, 800) << false << 112;
    QTest::newRow("small") << QSize(200, 300) << false << 72;
    QTest::newRow("smallest") << QSize(120, 180) << false << 40;
    QTest::newRow("too small even for that") << QSize(80, 80) << false << 40;
  }
  void tilesAreTheLargestThatFit() {
    QFETCH(QSize, room);
    QFETCH(bool, compact);
    QFETCH(int, tile);
    const tests::MadeRun run;
    HeadGrid grid;
    grid.setCompact(compact);
    grid.setTiles(tilesOf(run, 0), 2, 2);
    grid.resize(room);
    grid.show();
    QCOMPARE(grid.tileSize(), tile);
    const bool fits =
        grid.tileRect(1, 1).right() < room.width() && grid.tileRect(1, 1).bottom() < room.height();
    QCOMPARE(grid.verticalScrollBar()->maximum() == 0 && grid.horizontalScrollBar()->maximum() == 0,
             fits);
    QVERIFY(tile == 40 || fits);
    if (fits) {  // exactly the width that it asks for is enough
      const int width = grid.widthFor(room);
      grid.resize(width, room.height());
      QCOMPARE(grid.tileSize(), tile);
      QCOMPARE(grid.horizontalScrollBar()->maximum(), 0);
    }
  }

  void layersGoDownHeadsAcross() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(500, 500);
    grid.setTiles(tilesOf(run, 0), 2, 2);
    QVERIFY(grid.tileRect(1, 0).top() > grid.tileRect(0, 0).bottom());
    QVERIFY(grid.tileRect(0, 1).left() > grid.tileRect(0, 0).right());
    QCOMPARE(grid.tileRect(1, 0).left(), grid.tileRect(0, 0).left());
  }

  void mouseAndKeysSelect() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(500, 500);
    grid.setTiles(tilesOf(run, 0), 2, 2);
    grid.show();
    QSignalSpy selected(&grid, &HeadGrid::headSelected);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.mapRect(1, 1).center());
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.last(), (QList<QVariant>{1, 1}));
    QTest::keyClick(&grid, Qt::Key_Up);
    QCOMPARE(selected.last(), (QList<QVariant>{0, 1}));
    QTest::keyClick(&grid, Qt::Key_Left);
    QCOMPARE(selected.last(), (QList<QVariant>{0, 0}));
    QTest::keyClick(&grid, Qt::Key_Left);  // at the border: nothing
    QCOMPARE(selected.count(), 3);
    QTest::keyClick(&grid, Qt::Key_Down);
    QCOMPARE(grid.selectedLayer(), 1);
    QSignalSpy activated(&grid, &HeadGrid::headActivated);
    QTest::keyClick(&grid, Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    grid.select(7, 7);  // no such head
    QCOMPARE(grid.selectedLayer(), -1);
  }

  void aHeadThatIsSelectedIsScrolledTo() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(90, 130);
    grid.setTiles(tilesOf(run, 0), 2, 2);
    grid.show();
    QVERIFY(!grid.viewport()->rect().contains(grid.tileRect(1, 1)));
    grid.select(1, 1);
    QVERIFY(grid.viewport()->rect().contains(grid.tileRect(1, 1)));
    grid.select(0, 0);
    QCOMPARE(grid.tileRect(0, 0).topLeft(), QPoint(0, 0));
    // Of one that is larger than the view, its start is shown.
    grid.resize(90, 60);
    grid.select(1, 0);
    QVERIFY(grid.tileRect(1, 0).height() > grid.viewport()->height());
    QCOMPARE(grid.tileRect(1, 0).top(), 0);
  }

  void tellsTilesInWords() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.setTiles(tilesOf(run, run.options().last_step), 2, 2);
    grid.select(1, 0);
    const QString text = grid.tileDescription(1, 0);
    QVERIFY2(text.startsWith(QStringLiteral("Layer 1 head 0, broadcast key, 0.9")),
             qPrintable(text));
    QVERIFY(text.endsWith(QStringLiteral(", selected")));
    QVERIFY(!grid.tileDescription(0, 0).contains(QStringLiteral("selected")));
  }

  void hoverTellsTheCell() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(500, 500);
    grid.setTiles(tilesOf(run, 0), 2, 2);
    grid.show();
    QSignalSpy hovered(&grid, &HeadGrid::cellHovered);
    const QRect map = grid.mapRect(0, 1);
    const double cell = std::floor(map.width() / 9.0);
    QTest::mouseMove(
        grid.viewport(),
        map.topLeft() + QPoint(int(cell * 2.5), int(cell * 5.5)));  // source 2, reader 5
    QTRY_VERIFY(!hovered.isEmpty());
    QCOMPARE(hovered.last().front().value<Cell>(), (Cell{5, 2}));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(grid.viewport(), &leave);
    QVERIFY(!hovered.last().front().value<Cell>().isValid());
  }

  void hiddenGridPaintsNothing() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(500, 500);
    tests::PaintCounter paints(grid.viewport());
    for (int i = 0; i < 5; ++i) {
      grid.setTiles(tilesOf(run, i * 400), 2, 2);
      QCoreApplication::processEvents();
    }
    QCOMPARE(paints.count(), 0);
    grid.show();
    QTRY_VERIFY(paints.count() > 0);
  }

  void colourOfACellIsThatOfItsWeight() {
    const tests::MadeRun run;
    HeadGrid grid;
    grid.resize(500, 500);
    grid.setTiles(tilesOf(run, run.options().last_step), 2, 2);
    grid.show();
    const QImage image = grid.grab().toImage();
    const QRect map = grid.mapRect(0, 0);
    const double cell =
        std::floor(map.width() * image.devicePixelRatio() / 9) / image.devicePixelRatio();
    const HeadMapData& data = grid.tiles().front().map;
    for (const Cell c : {Cell{3, 2}, Cell{3, 0}, Cell{8, 7}, Cell{0, 0}}) {
      const QPointF at =
          (QPointF(map.topLeft()) + QPointF((c.source + 0.5) * cell, (c.reader + 0.5) * cell)) *
          image.devicePixelRatio();
      QCOMPARE(image.pixel(at.toPoint()), colourAt(ColourMap::Viridis, data.at(c)));
    }
  }
};

QTEST_MAIN(TestHeadGrid)
#include "tst_head_grid.moc"
