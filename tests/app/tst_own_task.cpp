// SPDX-License-Identifier: GPL-3.0-or-later
// A task of one's own, composed by mouse and keyboard, trained with the real engine, and sampled:
// what every sequence means is found out again from its tokens, by loops that know the task and
// nothing of the program.
#include "app/anchorlens/experiment_diff.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "engine/core/experiment_json.h"
#include "engine/core/store/run_store.h"
#include "engine/core/task/task.h"
#include "tests/app/composer_driver.h"
#include "tests/app/window_fixture.h"

#include <QPushButton>
#include <QtTest>

#include <map>
#include <set>
#include <span>
#include <vector>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::FormTab;

namespace {

constexpr int kTrainingMs = 120'000;
constexpr int kOwnAnchor = 7;

/// What a sequence means in one reading.
struct Meaning {
  int form = 0;
  int first = 0;  ///< anchors; 0: none
  int second = 0;
  int tested = 0;  ///< the key of which even ones are held out
  int answer = 0;
  bool operator==(const Meaning&) const = default;

  bool isRelabelled() const { return first == 3 && second == 4; }
  bool isNeverTrained() const { return first == 4 && second == 3; }
  bool isHeldOut() const { return tested % 2 == 0 || isNeverTrained(); }
  std::string group() const {
    std::string name = "form" + std::to_string(form);
    if (first != 0)
      name += " A=" + std::to_string(first);
    if (second != 0)
      name += " B=" + std::to_string(second);
    return name + (isHeldOut() ? " held_out" : " seen");
  }
};

bool isOrdinary(int token) {
  return token >= 20 && token <= 100;
}

/// Whether all tokens but those at the given places are noise or keys.
bool areOthersOrdinary(std::span<const int> t, const std::set<std::size_t>& places) {
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!places.contains(i) && !isOrdinary(t[i]))
      return false;
  }
  return true;
}

int applied(int anchor, int x) {
  switch (anchor) {
    case 1:
      return x + 5;
    case 2:
      return x + 1;
    case 3:
      return x - 2;
    case 4:
      return x - 8;
    default:
      return 2 * x + 1;  // one's own
  }
}

/// { a b | b c } A a -> A(b)
void readBlocks(std::span<const int> t, std::vector<Meaning>& found) {
  if (t.size() != 6 || (t[4] != 1 && t[4] != kOwnAnchor) || !areOthersOrdinary(t, {4}))
    return;
  if (t[1] == t[2] && t[0] == t[5])  // a b b c A a
    found.push_back({0, t[4], 0, t[1], applied(t[4], t[1])});
  if (t[0] == t[3] && t[2] == t[5])  // b c a b A a
    found.push_back({0, t[4], 0, t[0], applied(t[4], t[0])});
}

/// * 3 _ x _ 4 * -> x
void readMiddle(std::span<const int> t, std::vector<Meaning>& found) {
  for (std::size_t i = 0; i + 4 < t.size(); ++i) {
    if (t[i] == 3 && t[i + 4] == 4 && areOthersOrdinary(t, {i, i + 4}))
      found.push_back({1, 0, 0, t[i + 2], t[i + 2]});
  }
}

/// * x A B * -> B(A(x))
void readPair(std::span<const int> t, std::vector<Meaning>& found) {
  for (std::size_t i = 0; i + 2 < t.size(); ++i) {
    const int first = t[i + 1];
    const int second = t[i + 2];
    if (first >= 1 && first <= 4 && second >= 1 && second <= 4 &&
        areOthersOrdinary(t, {i + 1, i + 2}))
      found.push_back({2, first, second, t[i], applied(second, applied(first, t[i]))});
  }
}

/// What is wrong with sequence i of a set; empty: nothing.
QString problemOf(const core::Task& task, const core::SequenceSet& set, std::size_t i) {
  const auto row = set.row(i);
  const std::vector<int> tokens(row.begin(), row.end());
  std::vector<Meaning> found;
  readBlocks(tokens, found);
  readMiddle(tokens, found);
  readPair(tokens, found);
  if (tokens.size() != 6 || found.empty())
    return QStringLiteral("fits no pattern");
  const Meaning& meaning = found.front();
  for (const Meaning& other : found) {
    if (other != meaning)
      return QStringLiteral("has two meanings");
  }
  const bool is_test = meaning.isHeldOut();
  const bool is_relabelled = meaning.isRelabelled() && !is_test;
  const int answer = is_relabelled ? meaning.tested - 6 : meaning.answer;
  const std::string& group = task.groups()[static_cast<std::size_t>(set.groups[i])].name;
  if (set.targets[i] != answer)
    return QStringLiteral("answers %1, not %2").arg(set.targets[i]).arg(answer);
  if (set.forms[i] != meaning.form)
    return QStringLiteral("is of form %1, not %2").arg(set.forms[i]).arg(meaning.form);
  if ((set.splits[i] == core::Split::Test) != is_test)
    return QStringLiteral("is on the wrong side of the rules");
  if (group != meaning.group())
    return QString::fromStdString("is of group " + group + ", not " + meaning.group());
  return {};
}

std::string textOf(const core::SequenceSet& set, std::size_t i) {
  std::string text;
  for (const int token : set.row(i))
    text += std::to_string(token) + ' ';
  return text;
}

/// Checks every sequence; `counts` gets their number by group.
QString problemOf(const core::Task& task, const core::SequenceSet& set,
                  std::map<std::string, int>& counts) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    const QString problem = problemOf(task, set, i);
    if (!problem.isEmpty())
      return QString::fromStdString(textOf(set, i)) + problem;
    ++counts[task.groups()[static_cast<std::size_t>(set.groups[i])].name];
  }
  return {};
}

}  // namespace

class TestOwnTask : public QObject {
  Q_OBJECT

  tests::TemporaryHome m_home;
  KeyFilter m_keys;

  void compose(tests::ComposerDriver& driver);
  void checkSamples(const core::ExperimentSpec& spec);

 private slots:
  void initTestCase() { qApp->installEventFilter(&m_keys); }
  void isComposedTrainedAndSampled();
};

void TestOwnTask::compose(tests::ComposerDriver& driver) {
  using State = core::CombinationState;
  driver.newEmptyDraft();
  driver.typePattern("{ a b | b c } A a -> A(b)");
  driver.addForm(2, "* 3 _ x _ 4 * -> x");
  driver.addForm(3, "* x A B * -> B(A(x))");
  driver.setField("Weight of form 3", "2");
  driver.setField("Length", "6");
  driver.addAnchor(1, "x+5");
  driver.addAnchor(2, "x+1");
  driver.addAnchor(3, "x-2");
  driver.addAnchor(4, "x-8");
  driver.addAnchor(kOwnAnchor, "2*x+1");
  driver.setField("Anchors that A may be, form 1", "1, 7");
  driver.setField("Anchors that A may be, form 3", "1-4");
  driver.setField("Anchors that B may be, form 3", "1-4");
  driver.holdOutExpression("x mod 2", 1);
  driver.holdOutExpression("b mod 2", 2);
  driver.setField("Anchor variables", "A, B");
  driver.paintPair(4, 3, State::HeldOut);
  driver.relabelPair(3, 4, "x-6");
  driver.setField(FormTab::Model, "Vocabulary", "300");
  driver.setField(FormTab::Training, "Train sequences", "2000");
  driver.setField(FormTab::Training, "Test sequences", "1000");
  driver.setField(FormTab::Training, "Steps", "100");
  driver.setField(FormTab::Task, "Name", "own");
}

void TestOwnTask::checkSamples(const core::ExperimentSpec& spec) {
  const auto task = core::Task::compile(spec.task);
  QVERIFY(task.has_value());
  core::Random random(5, "tests/own task");
  for (const core::Split split : {core::Split::Train, core::Split::Test}) {
    const core::SequenceSet drawn = task->draw(split, 2000, random);
    std::map<std::string, int> counts;
    QCOMPARE(problemOf(*task, drawn, counts), QString());
    for (const core::Split side : drawn.splits)
      QCOMPARE(side, split);
    // Two groups of the blocks, one of the middle, 15 or 14 of pairs: 4 and 3 are drawn for
    // neither, 3 and 4 for training alone.
    QCOMPARE(counts.size(), std::size_t(split == core::Split::Train ? 18 : 17));
  }
  // What the run was trained and tested on.
  const auto data = core::makeDataset(*task, spec.data);
  QVERIFY(data.has_value());
  std::map<std::string, int> trained;
  std::map<std::string, int> tested;
  QCOMPARE(problemOf(*task, data->train, trained), QString());
  QCOMPARE(problemOf(*task, data->test, tested), QString());
  QCOMPARE(data->train.size(), std::size_t(2000));
  QVERIFY(trained["form2 A=3 B=4 seen"] > 0);
  QVERIFY(!trained.contains("form2 A=4 B=3 seen"));
  QCOMPARE(tested["form2 A=4 B=3 held_out"], 1000);
  QCOMPARE(tested["form2 A=3 B=4 held_out"], 1000);
  QCOMPARE(data->test.size(), std::size_t(3000));
  std::set<std::string> rows;
  for (std::size_t i = 0; i < data->train.size(); ++i)
    rows.insert(textOf(data->train, i));
  for (std::size_t i = 0; i < data->test.size(); ++i)
    QVERIFY2(!rows.contains(textOf(data->test, i)), textOf(data->test, i).c_str());
}

void TestOwnTask::isComposedTrainedAndSampled() {
  tests::Desk desk;
  tests::ComposerDriver driver(desk.window);
  compose(driver);
  desk.dialogs.file_to_save = m_home.path(QStringLiteral("own.json"));
  driver.press(Qt::Key_S, Qt::ControlModifier);
  // What is typed is checked a moment later; until then Run is as the check before it said.
  QTRY_VERIFY_WITH_TIMEOUT(!desk.controller.draftChecks().checks().is_stale &&
                               desk.window.toolbar()->runButton()->isEnabled(),
                           kTrainingMs);
  driver.press(Qt::Key_F5);
  QCOMPARE(driver.problem(), QString());

  const auto saved = core::readExperiment(toPath(desk.dialogs.file_to_save));
  QVERIFY(saved.has_value());
  QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                               desk.controller.shownRun()->state() == core::RunState::Finished,
                           kTrainingMs);
  const auto run = core::RunReader::open(desk.controller.shownRun()->directory());
  QVERIFY(run.has_value());
  const auto status = (*run)->status();
  QVERIFY(status.has_value());
  QCOMPARE(status->step, std::int64_t{100});
  // The run knows which device and which kernel it was; all else is what was saved.
  core::ExperimentSpec trained = (*run)->spec();
  trained.training.device = saved->training.device;
  trained.training.kernel = saved->training.kernel;
  QCOMPARE(experimentDifference(*saved, trained), QString());
  QVERIFY(trained == *saved);
  checkSamples((*run)->spec());
}

QTEST_MAIN(TestOwnTask)
#include "tst_own_task.moc"
