// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/placements.h"
#include "engine/core/task/task.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <cmath>
#include <map>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

/// Sum of (observed - expected)^2 / expected; expected the same everywhere.
template <typename Key>
double chiSquare(const std::map<Key, int>& counts, double cells, double n) {
  const double expected = n / cells;
  double sum = (cells - static_cast<double>(counts.size())) * expected;  // cells never seen
  for (const auto& [key, count] : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

/// Within five standard deviations of its mean: the draws are fixed by the seed.
bool isUniform(double chi_square, double cells) {
  const double freedom = cells - 1;
  return std::abs(chi_square - freedom) <= 5 * std::sqrt(2 * freedom) + 1e-9;
}

std::string rolesText(const SequenceSet& set, std::size_t i) {
  const auto roles = set.rolesOf(i);
  return {roles.begin(), roles.end()};
}

}  // namespace

class TestUniform : public QObject {
  Q_OBJECT

 private slots:
  void placementsAreEquallyLikely_data() {
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("placements");
    QTest::newRow("identity") << "* 3 x * -> x" << 9 << 8;
    // 5 free tokens in 3 gaps
    QTest::newRow("three gaps") << "* x 1 * 2 * -> x" << 8 << 21;
    QTest::newRow("noise of fixed length") << "* 3 _ _ x * -> x" << 9 << 6;
    QTest::newRow("gap beside fixed noise") << "* _ * 3 x -> x" << 9 << 1;
    QTest::newRow("a second answer is possible") << "* a x * a -> x" << 6 << 4;
    QTest::newRow("no gap") << "3 _ x -> x" << 3 << 1;
    QTest::newRow("orders") << "{ a x | x c | c d } a -> d" << 7 << 6;
    // 1 x * 2 y * 5 has two gaps for 3 tokens, 2 y 1 x * 5 one
    QTest::newRow("gaps of unlike orders") << "{ 1 x * | 2 y } * 5 -> min(x, y)" << 8 << 5;
    // * 5 5 3 x is also the case of * 5 * 5 3 x without a gap
    QTest::newRow("equal orders") << "* { * 5 | 5 } 3 x -> x" << 7 << 4;
    QTest::newRow("nested") << "{ { 1 x | 2 y } 3 | * 4 } -> x" << 8 << 4;
    QTest::newRow("gap at the end of a block") << "{ 1 x * | 2 y * } -> x" << 7 << 8;
  }
  void placementsAreEquallyLikely() {
    QFETCH(QString, pattern);
    QFETCH(int, length);
    QFETCH(int, placements);
    TaskSpec spec = task(pattern.toStdString(), "x", {}, length);
    spec.noise = {{20, 59}};
    spec.held_out = {PredicateRule{"x mod 2"}};  // says nothing of places
    const auto task = Task::compile(spec);
    QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
    Random random(17, "test");
    const int n = 500 * placements;
    const SequenceSet set = task->draw(Split::Train, static_cast<std::size_t>(n), random, false);
    std::map<std::string, int> counts;
    for (std::size_t i = 0; i < set.size(); ++i) {
      ++counts[rolesText(set, i)];
    }
    QCOMPARE(static_cast<int>(counts.size()), placements);
    const double chi = chiSquare(counts, placements, n);
    QVERIFY2(isUniform(chi, placements), std::to_string(chi).c_str());
  }

  void trainingIsUniformOverWhatIsLeft() {
    const auto task = Task::compile(identity());
    QVERIFY(task.has_value());
    Random random(23, "test");
    const std::size_t n = 200000;
    const SequenceSet set = task->draw(Split::Train, n, random, false);
    std::map<int, int> key_and_place;
    std::map<int, int> noise;
    int n_noise = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (int k = 0; k < 9; ++k) {
        const auto at = 9 * i + static_cast<std::size_t>(k);
        if (task->roles()[set.roles[at]].name == "key:x") {
          ++key_and_place[set.tokens[at] * 9 + k];
        } else if (set.roles[at] == 0) {
          ++noise[set.tokens[at]];
          ++n_noise;
        }
      }
    }
    // 81 keys at 8 places, one in eight held out
    QCOMPARE(key_and_place.size(), std::size_t{567});
    QVERIFY(isUniform(chiSquare(key_and_place, 567, static_cast<double>(n)), 567));
    QVERIFY(isUniform(chiSquare(noise, 81, n_noise), 81));
  }

  void combinationsAreEquallyLikely() {
    TaskSpec spec = classification();
    spec.held_out = {PredicateRule{"w mod 2"}};
    const auto task = Task::compile(spec);
    QVERIFY(task.has_value());
    Random random(29, "test");
    const std::size_t n = 100000;
    const SequenceSet set = task->draw(Split::Train, n, random, false);
    std::map<int, int> counts;
    for (std::size_t i = 0; i < n; ++i) {
      int combination = 0;
      for (std::size_t k = 0; k < 9; ++k) {
        const RoleInfo& role = task->roles()[set.roles[9 * i + k]];
        if (role.kind == RoleInfo::Kind::Anchor) {
          combination = 11 * combination + set.tokens[9 * i + k];
        }
      }
      ++counts[combination];
    }
    QCOMPARE(counts.size(), std::size_t{720});
    QVERIFY(isUniform(chiSquare(counts, 720, static_cast<double>(n)), 720));
  }

  void formsHaveTheirWeights() {
    TaskSpec spec = twoForms();
    spec.held_out = {PredicateRule{"x mod 2"}};
    const auto task = Task::compile(spec);
    QVERIFY(task.has_value());
    Random random(31, "test");
    const SequenceSet set = task->draw(Split::Train, 40000, random, false);
    const auto n_second = std::count(set.forms.begin(), set.forms.end(), 1);
    QVERIFY2(std::abs(n_second - 10000) < 450, std::to_string(n_second).c_str());
  }

  void noiseMayBeTheKeyButNeverTheCue() {
    const auto plain = Task::compile(identity());
    const auto cued = Task::compile(task("* m 3 n * m -> n", "n"));
    QVERIFY(plain.has_value() && cued.has_value());
    int n_like_key = 0;
    int n_like_other = 0;
    Random random(37, "test");
    for (const bool is_cued : {false, true}) {
      const Task& task = is_cued ? *cued : *plain;
      const SequenceSet set = task.draw(Split::Train, 5000, random, false);
      for (std::size_t i = 0; i < set.size(); ++i) {
        const auto row = set.row(i);
        for (std::size_t k = 0; k < row.size(); ++k) {
          for (std::size_t other = 0; other < row.size(); ++other) {
            if (set.rolesOf(i)[k] != 0 || set.rolesOf(i)[other] == 0 || row[k] != row[other]) {
              continue;
            }
            const std::string& name = task.roles()[set.rolesOf(i)[other]].name;
            QVERIFY2(name != "key:m", "noise equals the cue");
            ++(is_cued ? n_like_other : n_like_key);
          }
        }
      }
    }
    QVERIFY2(n_like_key > 300, std::to_string(n_like_key).c_str());  // 5000 * 7 / 81 = 432
    QVERIFY2(n_like_other > 150, std::to_string(n_like_other).c_str());
  }

  // More placements than are listed: drawn one by one.
  void manyPlacementsAreEquallyLikely() {
    Elements elements;
    for (int i = 0; i < 5; ++i) {
      elements.emplace_back();
      elements.push_back({Element::Kind::Symbol, i, i, {}});
    }
    elements.emplace_back();
    const Placements placements({{0, 1, 2, 3, 4}, {1, 2, 3, 4, 5}}, makeOrders(elements), 60);
    QVERIFY(!placements.hasTable());
    QCOMPARE(placements.size(), 5461512.0);  // 60 over 5
    Random random(41, "test");
    Placements::Scratch scratch;
    std::vector<int> counts(60, 0);
    const int n = 100000;
    for (int i = 0; i < n; ++i) {
      ++counts[placements.draw(random, scratch).positions[0]];
    }
    double expected = n * 5.0 / 60;  // first symbol in place p: (59 - p over 4) of (60 over 5)
    double chi = 0;
    int cells = 0;
    for (int p = 0; p < 35; ++p) {
      chi += (counts[static_cast<std::size_t>(p)] - expected) *
             (counts[static_cast<std::size_t>(p)] - expected) / expected;
      ++cells;
      expected *= (55.0 - p) / (59.0 - p);
    }
    QVERIFY2(chi < cells + 5 * std::sqrt(2.0 * cells), std::to_string(chi).c_str());
  }

  void ordersThatLookAlikeAreOnePlacement() {
    // * { * 5 | 5 } 3 * x at a length whose placements are not listed
    const auto symbol = [](int index, int occurrence) {
      return Element{Element::Kind::Symbol, index, occurrence, {}};
    };
    Element blocks;
    blocks.kind = Element::Kind::Blocks;
    blocks.blocks = {Elements{Element(), symbol(0, 0)}, Elements{symbol(0, 1)}};
    const Elements elements{Element(), blocks, symbol(1, 2), Element(), symbol(2, 3)};
    QCOMPARE(countOrders(elements), std::int64_t{2});
    const Placements placements({{0, 0, 1, 2}, {1, 2, 3}}, makeOrders(elements), 200);
    QVERIFY(!placements.hasTable());
    Random random(43, "test");
    Placements::Scratch scratch;
    int n_together = 0;
    const int n = 200000;
    for (int i = 0; i < n; ++i) {
      const Placement placement = placements.draw(random, scratch);
      n_together += std::abs(placement.positions[0] - placement.positions[1]) == 1 ? 1 : 0;
    }
    // 196 free tokens in three gaps: 198 over 2 placements, 197 of them with the two 5 together
    const double expected = n * 197.0 / (198.0 * 197.0 / 2);
    QVERIFY2(std::abs(n_together - expected) < 5 * std::sqrt(expected),
             (std::to_string(n_together) + " " + std::to_string(expected)).c_str());
  }
};

QTEST_GUILESS_MAIN(TestUniform)
#include "tst_uniform.moc"
