// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/colour_map.h"
#include "widgets/fonts.h"
#include "widgets/number_dialog.h"
#include "widgets/number_format.h"
#include "widgets/number_table.h"
#include "widgets/plain_number.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QRawFont>
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

  void smallAndLargeNumbersReadWell_data() {
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("full");
    QTest::addColumn<QString>("brief");  // of three digits
    const auto row = [](double value, const char* full, const char* brief) {
      QTest::addRow("%g", value) << value << QString::fromUtf8(full) << QString::fromUtf8(brief);
    };
    row(0, "0", "0");
    row(-0.0, "0", "0");
    row(1, "1", "1");
    row(0.5, "0.5", "0.5");
    row(-6e-4, "−0.0006", "−0.0006");
    row(1e-4, "0.0001", "0.0001");
    row(0.00012345, "0.00012345", "0.000123");
    row(1e-5, "10⁻⁵", "10⁻⁵");
    row(-6e-7, "−6·10⁻⁷", "−6·10⁻⁷");
    row(1.2345e-12, "1.2345·10⁻¹²", "1.23·10⁻¹²");
    row(9.999e-5, "9.999·10⁻⁵", "0.0001");
    row(12.3456, "12.3456", "12.3");
    row(-18400, "−18\u2009400", "−18\u2009400");
    row(1234567.25, "1\u2009234\u2009567.25", "1\u2009230\u2009000");
    row(1e9, "10⁹", "10⁹");
    row(2.5e300, "2.5·10³⁰⁰", "2.5·10³⁰⁰");
    row(std::numeric_limits<double>::quiet_NaN(), "–", "–");
    row(-std::numeric_limits<double>::infinity(), "−∞", "−∞");
  }
  void smallAndLargeNumbersReadWell() {
    QFETCH(double, value);
    QFETCH(QString, full);
    QFETCH(QString, brief);
    QCOMPARE(formatFull(value), full);
    QCOMPARE(formatShort(value, 3), brief);
  }

  /// Else a font that happens to be there would stand among them.
  void theFontsHaveTheirCharacters() {
    QCOMPARE(monoFont(12).families(), (QStringList{monoFamily(), textFamily()}));
    const QRawFont mono = QRawFont::fromFont(monoFont(12));
    const QRawFont text = QRawFont::fromFont(textFont(12));
    for (const double value : {-1.23456789e-7, 2.5e-203, 1.5e46, 1.5e89}) {
      for (const QChar c : formatFull(value)) {
        QVERIFY2(mono.supportsCharacter(c) || (c == QChar(0x207b) && text.supportsCharacter(c)),
                 qPrintable(QString(c)));
      }
    }
  }

  /// What is shown is for people, what is copied and written for programs.
  void onlyTheScreenReadsWell() {
    NumberTable table;
    table.columns = {QStringLiteral("weight"), QStringLiteral("step")};
    table.rows = {{-6e-4, qint64(18400)}, {0.1 + 0.2, qint64(3)}, {123456789.0, qint64(4)}};
    const NumberModel model(table);
    QCOMPARE(NumberDialog(table).selectedText(), table.tsv());
    QCOMPARE(model.index(0, 0).data().toString(), kMinus + QStringLiteral("0.0006"));
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("18\u2009400"));
    QCOMPARE(model.index(0, 0).data(Qt::UserRole).toDouble(), -6e-4);
    QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("0.3"));
    QCOMPARE(model.index(2, 0).data().toString(), QStringLiteral("123\u2009456\u2009789"));
    QCOMPARE(table.csv(), QByteArray("weight,step\n-6e-04,18400\n0.30000000000000004,3\n"
                                     "123456789,4\n"));
    QCOMPARE(table.tsv().section('\n', 1, 1), QStringLiteral("-6e-04\t18400"));
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

  void unknownNumbersComeLastWhicheverWayIsSorted() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    NumberTable table;
    table.columns = {QStringLiteral("loss"), QStringLiteral("value")};
    table.rows = {{2.0, QStringLiteral("b")},
                  {nan, 2.5},
                  {1.0, QString()},
                  {nan, qint64(2)},
                  {3.0, QStringLiteral("a")}};
    NumberDialog dialog(table);
    auto* view = dialog.findChild<QTableView*>();
    const auto column = [&](int which, Qt::SortOrder order) {
      view->sortByColumn(which, order);
      QStringList values;
      for (int row = 0; row < view->model()->rowCount(); ++row)
        values << view->model()->index(row, which).data(Qt::EditRole).toString();
      return values.join(QLatin1Char(' '));
    };
    QCOMPARE(column(0, Qt::AscendingOrder), QStringLiteral("1 2 3  "));
    QCOMPARE(column(0, Qt::DescendingOrder), QStringLiteral("3 2 1  "));
    // Numbers of both kinds stand before texts.
    QCOMPARE(column(1, Qt::AscendingOrder), QStringLiteral("2 2.5 a b "));
    QCOMPARE(column(1, Qt::DescendingOrder), QStringLiteral("b a 2.5 2 "));
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
