// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "tests/core/task/extra_tasks.h"
#include "tests/support/task_specs.h"

#include <QtTest>

#include <sstream>

using namespace anchorlens::core;
using namespace anchorlens::test;

namespace {

std::vector<std::int32_t> tokensOf(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::int32_t> tokens;
  for (int token = 0; stream >> token;) {
    tokens.push_back(token);
  }
  return tokens;
}

/// "45", "45:0.8 46:0.2"
std::string answersText(const std::vector<Answer>& answers) {
  std::ostringstream text;
  for (const Answer& answer : answers) {
    text << (text.tellp() > 0 ? " " : "") << answer.token;
    if (answer.p < 1) {
      text << ":" << answer.p;
    }
  }
  return text.str();
}

std::string rolesText(const Task& task, const std::vector<std::uint8_t>& roles) {
  std::string text;
  for (const std::uint8_t role : roles) {
    const RoleInfo& info = task.roles()[role];
    text += (text.empty() ? "" : " ") + (info.symbol.empty() ? "." : info.symbol);
  }
  return text;
}

/// One sequence, worked by hand.
struct Case {
  const char* name;
  TaskSpec spec;
  const char* tokens;
  const char* answers;
  const char* roles;
  const char* group;
};

TaskSpec heldArm() {
  TaskSpec spec = readingComprehension();
  spec.held_out = {KeysRule{2, {{50, 59}}}};
  return spec;
}

TaskSpec heldCue() {
  TaskSpec spec = identity();
  spec.held_out = {KeysRule{3, {{20, 27}}}};
  return spec;
}

std::vector<Case> cases() {
  return {
      // 45 at position 3: (45 - 3) mod 8 = 2
      {"identity", identity(), "88 61 3 45 20 99 45 71 30", "45", ". . 3 x . . . . .", "seen"},
      // 43 at position 3: (43 - 3) mod 8 = 0
      {"identity, held out", identity(), "88 61 3 43 20 99 45 71 30", "43", ". . 3 x . . . . .",
       "held_out"},
      {"key in the last place", identity(), "88 61 20 43 20 99 45 3 50", "50", ". . . . . . . 3 x",
       "seen"},
      {"key minus position", keyMinusPosition(), "3 96 30 30 30 30 30 30 30", "96",
       "3 x . . . . . . .", "held_out"},
      {"key minus position, beyond its range", keyMinusPosition(), "30 30 30 30 30 30 30 3 106",
       "106", ". . . . . . . 3 x", "seen"},
      // A = 1: 50 + 5; B = 4: 55 - 8
      {"composite", composite(), "30 50 1 4 60 61 62 63 64", "47", ". x A B . . . . .",
       "A=1 B=4 seen"},
      {"composite, held-out pair", composite(), "30 50 3 4 60 61 62 63 64", "40",
       ". x A B . . . . .", "A=3 B=4 held_out"},
      {"synonym of 3", synonym(), "30 9 2 50 60 61 62 63 64", "49", ". A B x . . . . .",
       "A=9 B=2 seen"},
      {"working memory", workingMemory(),
       "30 30 30 50 2 30 30 30 30 30 4 30 30 30 30 30 30 30 30 31", "43",
       ". . . x A . . . . . B . . . . . . . . .", "A=2 B=4 seen"},
      // (60 - 3) mod 8 = 1
      {"reading comprehension", readingComprehension(), "1 50 2 60 3 70 71 72 2", "60",
       "1 x 2 y 3 z . . Q", "Q=2 seen"},
      // (51 - 3) mod 8 = 0
      {"reading comprehension, held out", readingComprehension(), "1 50 2 51 3 70 71 72 2", "51",
       "1 x 2 y 3 z . . Q", "Q=2 held_out"},
      // |48-60| = 12, |51-60| = 9, |70-60| = 10; (60 - 8) mod 8 = 4
      {"classification", classification(), "48 7 51 2 70 9 30 30 60", "2", "x A y B z C . . w",
       "seen"},
      {"classification, gaps", classification(), "48 7 99 30 51 2 70 9 60", "2",
       "x A . . y B z C w", "seen"},
      {"classification, equal anchors differ in nothing but distance", classification(),
       "48 7 99 30 51 2 53 9 56", "9", "x A . . y B z C w", "held_out"},
      {"recitation forward", task("* m 3 n * m -> n", "n"), "30 44 3 55 60 61 62 63 44", "55",
       ". m 3 n . . . . m", "seen"},
      {"recitation reverse", task("* m 3 n * n -> m", "m"), "30 44 3 55 60 61 62 63 55", "44",
       ". m 3 n . . . . n", "seen"},
      {"recitation, noise like the cue", task("* m 3 n * m -> n", "n"), "44 44 3 55 60 44 62 63 44",
       "55", ". m 3 n . . . . m", "seen"},
      {"multi-anchor", multiAnchor(), "4 52 60 61 62 63 64 65 66", "56", "A x . . . . . . .",
       "A=4 seen"},
      {"multi-anchor, held out", multiAnchor(), "4 44 60 61 62 63 64 65 66", "48",
       "A x . . . . . . .", "A=4 held_out"},
      {"statistical", statistical(), "30 3 50 60 61 62 63 64 65", "50:0.8 51:0.2",
       ". 3 x . . . . . .", "held_out"},
      {"twice stochastic", twiceStochastic(), "30 50 1 2 61 62 63 64 65",
       "50:0.4 51:0.3 52:0.25 53:0.05", ". x A B . . . . .", "A=1 B=2 seen"},
      {"longer anchor", task("* 2 3 x * -> x", "x"), "30 2 3 50 61 62 63 64 65", "50",
       ". 2 3 x . . . . .", "seen"},
      {"distant anchor", task("* 3 _ _ x * -> x", "x"), "30 3 60 61 50 62 63 64 65", "50",
       ". 3 . . x . . . .", "seen"},
      {"middle word", task("* 3 _ x _ 4 * -> x", "x"), "30 3 60 50 61 4 63 64 65", "50",
       ". 3 . x . 4 . . .", "seen"},
      {"several keys", severalKeys(), "30 3 60 50 61 62 63 64 65", "30", ". A x y . . . . .",
       "A=3 seen"},
      // 22 -> 33 -> 44 -> 55 from the pairs in any order; (22 + 55) mod 8 = 5
      {"chain", chains(), "33 44 44 55 22 33 22", "55", "b c c d a b a", "seen"},
      {"chain, held out", chains(), "33 44 44 50 22 33 22", "50", "b c c d a b a", "held_out"},
      {"induction", task("* a b * a -> b", "b"), "30 31 50 60 61 62 63 64 50", "60",
       ". . a b . . . . a", "seen"},
      {"noise like the anchor, same answer", overlappingNoise(), "4 3 7 3 7 9 9 9 9", "7",
       ". 3 x . . . . . .", "seen"},
      {"gap between blocks", gapsAtBlocks(), "30 31 2 50 1 40 60 5", "40", ". . 2 y 1 x . 5",
       "seen"},
      {"nested blocks", nestedBlocks(), "60 4 2 50 1 40 3", "", "", ""},
      {"nested blocks, right length", nestedBlocks(), "60 61 4 2 50 1 40 3", "90",
       ". . 4 2 y 1 x 3", "seen"},
      {"reader is noise", readerIsNoise(), "3 50 60 61 62", "50", "3 x . . .", "seen"},
      {"reader is the key", readerIsKey(), "60 61 62 3 63 50", "50", ". . . 3 . x", "seen"},
      {"reader is the anchor", readerIsAnchor(), "60 61 50 2", "30", ". . x A", "A=2 held_out"},
      {"relabelled", relabelled(), "30 50 3 4 60 61 62 63 64", "40", ". x A B . . . . .",
       "A=3 B=4 seen"},
      {"two forms, first", twoForms(), "60 3 50 61 62 63", "50", ". 3 x . . .", "form0 held_out"},
      {"two forms, second", twoForms(), "60 51 4 61 62 63", "52", ". x 4 . . .", "form1 seen"},
      {"held-out length", heldLength(), "30 50 1 4 60 61 62 63 64 65 66 67", "47",
       ". x A B . . . . . . . .", "length=12 A=1 B=4 held_out"},
      {"keys of an arm, selected", heldArm(), "1 50 2 55 3 70 71 72 2", "55", "1 x 2 y 3 z . . Q",
       "Q=2 held_out"},
      {"keys of an arm, not selected", heldArm(), "1 50 2 55 3 70 71 72 1", "50",
       "1 x 2 y 3 z . . Q", "Q=1 seen"},
      {"keys of a cue", heldCue(), "30 3 25 60 61 62 63 64 65", "25", ". 3 x . . . . . .",
       "held_out"},
      {"keys of a cue, others", heldCue(), "30 3 28 25 61 62 63 64 65", "28", ". 3 x . . . . . .",
       "seen"},
      {"cue is the only noise", onlyOneNoise(), "20 20 3 55 20 20 20 20 20", "55",
       ". m 3 n . . . . m", "seen"},
      {"applied match", appliedMatch(), "1 50 2 60 70 70 70 2 7", "62", "1 x 2 y . . . Q A",
       "Q=2 A=7 seen"},
  };
}

}  // namespace

class TestJudge : public QObject {
  Q_OBJECT

 private slots:
  void workedByHand_data() {
    QTest::addColumn<int>("index");
    const auto all = cases();
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
      QTest::newRow(all[static_cast<std::size_t>(i)].name) << i;
    }
  }
  void workedByHand() {
    QFETCH(int, index);
    const Case one = cases()[static_cast<std::size_t>(index)];
    const auto task = Task::compile(one.spec);
    QVERIFY2(task.has_value(), task ? "" : task.error().front().message.c_str());
    const auto judged = task->judge(tokensOf(one.tokens));
    if (std::string(one.answers).empty()) {
      QVERIFY(!judged.has_value());
      return;
    }
    QVERIFY2(judged.has_value(), judged ? "" : judged.error().c_str());
    QCOMPARE(QByteArray::fromStdString(answersText(judged->answers)), QByteArray(one.answers));
    QCOMPARE(QByteArray::fromStdString(rolesText(*task, judged->roles)), QByteArray(one.roles));
    QCOMPARE(
        QByteArray::fromStdString(task->groups()[static_cast<std::size_t>(judged->group)].name),
        QByteArray(one.group));
  }

  void saysWhyNot_data() {
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("tokens");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, int which, const char* tokens, const char* message) {
      QTest::newRow(name) << which << tokens << message;
    };
    row("too short", 0, "3 50 60", "The sequence has 3 tokens; this task's have 9.");
    row("empty", 0, "", "The sequence has 0 tokens; this task's have 9.");
    row("outside", 0, "3 50 60 61 62 63 64 65 201",
        "Token 201 at position 8 is not in the vocabulary 1..200.");
    row("padding", 0, "3 50 60 61 62 63 64 65 0",
        "Token 0 at position 8 is not in the vocabulary 1..200.");
    row("no anchor", 0, "50 50 60 61 62 63 64 65 66",
        "Anchor 3 is missing: the sequence does not fit the pattern * 3 x * -> x.");
    row("no key", 0, "50 50 60 61 62 63 64 65 3",
        "The sequence does not fit the pattern * 3 x * -> x: token 3 at position 8 fits nothing "
        "that may stand there.");
    row("foreign token", 0, "50 3 60 61 62 150 64 65 66",
        "The sequence does not fit the pattern * 3 x * -> x: token 150 at position 5 fits nothing "
        "that may stand there.");
    row("two answers", 1, "3 7 9 3 8 9 9 9 9",
        "The answer is not determined: 7 (x at position 1) and 8 (x at position 4) both fit.");
    row("tie", 2, "48 7 52 2 70 9 30 30 50",
        "The answer is not determined: several are equally good (a tie).");
    row("anchors not distinct", 2, "48 7 51 7 70 9 30 30 60",
        "The sequence does not fit the pattern x A * y B * z C * w -> nearest(w; x:A, y:B, z:C): "
        "its anchors A=7 B=7 C=9 are no combination of this task.");
    row("other cue", 3, "30 44 3 55 60 61 62 63 45",
        "The sequence does not fit the pattern * m 3 n * m -> n: no placement agrees with all "
        "tokens.");
  }
  void saysWhyNot() {
    QFETCH(int, which);
    QFETCH(QString, tokens);
    QFETCH(QString, message);
    const TaskSpec specs[] = {identity(), overlappingNoise(), classification(),
                              task("* m 3 n * m -> n", "n")};
    const auto task = Task::compile(specs[which]);
    QVERIFY(task.has_value());
    const auto judged = task->judge(tokensOf(tokens.toStdString()));
    QVERIFY(!judged.has_value());
    QCOMPARE(QString::fromStdString(judged.error()), message);
  }

  void sameAnswerInTwoPlacesButAnotherSplit() {
    // 3 7 twice: the same answer, but (7 - 2) and (7 - 4) differ in whether they are held out.
    TaskSpec spec = overlappingNoise();
    spec.held_out = {ResidueRule{"x", ResidueRule::Of::Key, 8, 5}};
    const auto task = Task::compile(spec);
    QVERIFY(task.has_value());
    const auto judged = task->judge(tokensOf("9 3 7 3 7 9 9 9 9"));
    QVERIFY(!judged.has_value());
  }

  void relabelIsWhatIsTaught() {
    const auto task = Task::compile(relabelled());
    QVERIFY(task.has_value());
    const auto judged = task->judge(tokensOf("30 50 3 4 60 61 62 63 64"));
    QVERIFY(judged.has_value());
    QCOMPARE(judged->split, Split::Train);
    QCOMPARE(QByteArray::fromStdString(answersText(judged->answers)), QByteArray("40"));
    QCOMPARE(QByteArray::fromStdString(answersText(judged->taught)), QByteArray("44:0.5 56:0.5"));
  }
};

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
