// SPDX-License-Identifier: GPL-3.0-or-later
// What of a file's bytes is put right after Qt has written them.
#include "widgets/figure/figure_canvas.h"

#include <QTest>

using namespace anchorlens::widgets;

class TestFigureFiles : public QObject {
  Q_OBJECT

 private slots:
  void onlyDatesOfThePdfAreReplaced_data() {
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QByteArray>("settled");
    QTest::newRow("universal") << QByteArray("Z)") << QByteArray("Z)");
    QTest::newRow("east") << QByteArray("+05'30')") << QByteArray("+00'00')");
    QTest::newRow("west, without the last mark") << QByteArray("-08'00)") << QByteArray("+00'00)");
  }

  void onlyDatesOfThePdfAreReplaced() {
    QFETCH(QByteArray, zone);
    QFETCH(QByteArray, settled);
    // Compressed bytes may be the same as those that a date begins with.
    const QByteArray stream = ">>\nstream\nx\x9c(D:\x01)\x02 0123456789 (D:+00')\nendstream\n";
    const auto pdf = [&stream](const QByteArray& date) -> QByteArray {
      return "%PDF-1.4\n1 0 obj\n<<\n/CreationDate " + date + "\n" + stream;
    };
    const QDateTime date(QDate(2024, 1, 31), QTime(12, 0), Qt::UTC);
    QCOMPARE(withDates(pdf("(D:20261127190329" + zone), date), pdf("(D:20240131120000" + settled));
    QCOMPARE(withDates(pdf("(D:20261127190329" + zone), {}), pdf("(D:19700101000000" + settled));
  }
};

QTEST_GUILESS_MAIN(TestFigureFiles)
#include "tst_figure_files.moc"
