// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/colour_map.h"
#include "widgets/number_dialog.h"
#include "widgets/number_format.h"
#include "widgets/number_table.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QTableView>
#include <QTest>

#include <limits>

using namespace anchorlens::widgets;

class TestNumberTable : public QObject {
  Q_OBJECT

 private slots:
  void formats() {
    const QString thin(kThinSpace);
    QCOMPARE(formatInteger(0), QStringLiteral("0"));
    QCOMPARE(formatInteger(999), QStringLiteral("999"));
    QCOMPARE(formatInteger(18400), "18" + thin + "400");
    QCOMPARE(formatInteger(1234567), "1" + thin + "234" + thin + "567");
    QCOMPARE(formatInteger(-1000), kMinus + QStringLiteral("1") + thin + "000");
    QCOMPARE(formatInteger(std::numeric_limits<std::int64_t>::min()).size(), 1 + 19 + 6);
    QCOMPARE(formatScore(0.876), QStringLiteral("0.88"));
    QCOMPARE(formatScore(0.79, true), QStringLiteral("+0.79"));
    QCOMPARE(formatScore(-0.126), kMinus + QStringLiteral("0.13"));
    QCOMPARE(formatScore(-0.001), QStringLiteral("0.00"));
    QCOMPARE(formatScore(std::numeric_limits<double>::quiet_NaN()), QString(QChar(0x2013)));
    QCOMPARE(formatAccuracy(0.998), "99.8" + thin + "%");
    QCOMPARE(formatLoss(0.0091), QStringLiteral("0.009"));
    QCOMPARE(formatCell(0.931F), QStringLiteral(".93"));
    QCOMPARE(formatCell(0.999), QStringLiteral("1"));
    QCOMPARE(formatCell(0.004), QStringLiteral("0"));
    for (const double value : {0.1, 1.0 / 3, 1e-300, 123456789.125}) {
      QCOMPARE(formatExact(value).toDouble(), value);
    }
  }

  void colourMaps() {
    QCOMPARE(colourAt(ColourMap::Viridis, 0), qRgb(0x44, 0x01, 0x54));
    QCOMPARE(colourAt(ColourMap::Viridis, 1), qRgb(0xfd, 0xe7, 0x25));
    QCOMPARE(colourAt(ColourMap::Grey, 0.5), qRgb(128, 128, 128));
    QCOMPARE(colourAt(ColourMap::Cividis, -3), colourAt(ColourMap::Cividis, 0));
    QCOMPARE(colourAt(ColourMap::Cividis, 7), colourAt(ColourMap::Cividis, 1));
    QCOMPARE(colourAt(ColourMap::Grey, std::numeric_limits<double>::quiet_NaN()), qRgb(0, 0, 0));
    QCOMPARE(textOn(qRgb(115, 115, 115)), QColor(Qt::black));
    QCOMPARE(textOn(qRgb(114, 114, 114)), QColor(Qt::white));
    for (int map = 0; map < kColourMaps; ++map) {  // brighter is more, so that grey prints work
      for (int i = 1; i < 256; ++i) {
        const auto m = static_cast<ColourMap>(map);
        QVERIFY(luminance(colourAt(m, i / 255.0)) >= luminance(colourAt(m, (i - 1) / 255.0)) - 1);
      }
    }
  }

  void textForms() {
    const NumberTable table = made();
    QCOMPARE(table.csv(), QByteArray("name,value,step\n\"a,\"\"b\"\"\",0.1,3\nc\td,,-4\n"));
    QCOMPARE(table.tsv(), QStringLiteral("name\tvalue\tstep\na,\"b\"\t0.1\t3\nc d\t\t-4\n"));
  }

  void modelIsSound() {
    NumberModel model(made());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(),
             QStringLiteral("value"));
  }

  void dialogSortsByNumberAndCopies() {
    NumberTable table;
    table.columns = {QStringLiteral("n")};
    table.rows = {{qint64(10)}, {qint64(9)}, {qint64(100)}};
    auto* dialog = new NumberDialog(table);
    dialog->show();
    auto* view = dialog->findChild<QTableView*>();
    view->sortByColumn(0, Qt::AscendingOrder);
    QCOMPARE(dialog->selectedText(), QStringLiteral("n\n9\n10\n100\n"));
    view->selectRow(1);
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("n\n10\n"));
    dialog->close();
  }

 private:
  static NumberTable made() {
    NumberTable table;
    table.columns = {QStringLiteral("name"), QStringLiteral("value"), QStringLiteral("step")};
    table.rows = {{QStringLiteral("a,\"b\""), 0.1, qint64(3)},
                  {QStringLiteral("c\td"), std::numeric_limits<double>::quiet_NaN(), qint64(-4)}};
    return table;
  }
};

QTEST_MAIN(TestNumberTable)
#include "tst_number_table.moc"
