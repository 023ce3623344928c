// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/anchorctl/fleet_size.h"

#include <QTest>

#include <map>

using namespace anchorlens;

namespace {

using Speeds = std::map<std::size_t, double>;

}  // namespace
Q_DECLARE_METATYPE(Speeds)

class TestFleetSize : public QObject {
  Q_OBJECT

 private slots:
  void growsWhileItGains_data() {
    QTest::addColumn<Speeds>("speeds");  // of a GPU that is made; a size without one has no room
    QTest::addColumn<int>("most");
    QTest::addColumn<int>("runs");
    QTest::addColumn<QString>("trials");
    const Speeds filling{{1, 1000}, {2, 1990}, {4, 3900}, {8, 7000}, {16, 7300}, {32, 7350}};
    QTest::newRow("4 % more are too little")
        << filling << 220 << 8 << "1: 1 000, 2: 1 990, 4: 3 900, 8: 7 000, 16: 7 300";
    QTest::newRow("as many as there are") << Speeds{{1, 100}, {2, 200}, {4, 400}, {6, 600}} << 6
                                          << 6 << "1: 100, 2: 200, 4: 400, 6: 600";
    QTest::newRow("memory ends it")
        << Speeds{{1, 100}, {2, 200}} << 64 << 2 << "1: 100, 2: 200, 4: no room";
    QTest::newRow("one is fastest") << Speeds{{1, 100}, {2, 90}} << 64 << 1 << "1: 100, 2: 90";
    QTest::newRow("just 5 %") << Speeds{{1, 100}, {2, 105}, {4, 105}} << 4 << 2
                              << "1: 100, 2: 105, 4: 105";
    QTest::newRow("one run") << Speeds{{1, 100}} << 1 << 1 << "1: 100";
    QTest::newRow("nothing can be measured") << Speeds{} << 8 << 0 << "1: no room";
  }
  void growsWhileItGains() {
    QFETCH(Speeds, speeds);
    QFETCH(int, most);
    QFETCH(int, runs);
    QFETCH(QString, trials);
    const auto measure = [&](std::size_t at_once) -> std::optional<double> {
      const auto found = speeds.find(at_once);
      return found == speeds.end() ? std::nullopt : std::optional(found->second);
    };
    const ctl::FleetSize size = ctl::fleetSize(static_cast<std::size_t>(most), measure);
    QCOMPARE(QString::fromStdString(size.trials), trials);
    QCOMPARE(size.runs, static_cast<std::size_t>(runs));
  }

  void theSpeedIsReadFromWhatIsPrinted() {
    QCOMPARE(ctl::speedIn("a warning\n{\n  \"fleet\": 2,\n  \"sequences_per_s\": 123.5\n}\n"),
             std::optional(123.5));
    for (const char* other : {"", "no memory", "}{", "{\"sequences_per_s\": null}", "{\"a\": 1"}) {
      QVERIFY(!ctl::speedIn(other));
    }
  }
};

QTEST_GUILESS_MAIN(TestFleetSize)
#include "tst_fleet_size.moc"
