// SPDX-License-Identifier: GPL-3.0-or-later
// The Attention tab by real events, with the real engine: what it computes from the weights is what
// Trainer::inspect gives.
#include "app/anchorlens/attention_question.h"
#include "app/anchorlens/key_filter.h"
#include "app/anchorlens/main_toolbar.h"
#include "engine/session/measure.h"
#include "engine/session/run_session.h"
#include "tests/app/window_fixture.h"
#include "tests/session/tiny_experiment.h"
#include "widgets/attention_view.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

#include <array>
#include <cmath>

using namespace anchorlens;
using namespace anchorlens::app;
using widgets::AttentionView;
using widgets::HeadValues;

namespace {

constexpr int kSoonMs = 60'000;

/// By the keyboard, as people without a mouse do.
void choose(QComboBox* box, int index) {
  box->setFocus();
  QTest::keyClick(box, Qt::Key_Home);
  for (int i = 0; i < index; ++i)
    QTest::keyClick(box, Qt::Key_Down);
}

std::unique_ptr<engine::RunSnapshot> snapshotOf(tests::Desk& desk, std::int64_t step) {
  auto snapshot = engine::RunSnapshot::open(desk.controller.shownRun()->directory(), step);
  return snapshot ? std::move(*snapshot) : nullptr;
}

engine::InspectOutput inspect(engine::RunSnapshot& snapshot, const core::SequenceSet& set) {
  engine::InspectRequest request;
  request.want_patterns = request.want_weighted = request.want_scores = true;
  auto output = snapshot.trainer().inspect(set, request);
  return output ? *output : engine::InspectOutput{};
}

/// Cells of the large head that differ from `values`, of head 0 of its layer; one sequence.
int wrongCells(const widgets::HeadMapData& map, const engine::InspectOutput& output,
               const std::vector<float>& values) {
  int wrong = 0;
  const int width = output.seq_len;
  for (int reader = 0; reader < map.length; ++reader) {
    for (int source = 0; source <= reader; ++source) {
      const auto at =
          static_cast<std::size_t>((map.layer * output.n_heads * width + reader) * width + source);
      wrong += std::abs(map.at({reader, source}) - values.at(at)) > 1e-5F ? 1 : 0;
    }
  }
  return wrong;
}

}  // namespace

class TestAttentionWindow : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<tests::TemporaryHome> m_home;
  KeyFilter m_keys;

  static void train(tests::Desk& desk, const core::ExperimentSpec& spec = tests::tinyExperiment()) {
    desk.controller.draft().load(spec, {});
    desk.controller.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk.controller.shownRun() != nullptr &&
                                 desk.controller.shownRun()->state() == core::RunState::Finished,
                             kSoonMs);
    desk.window.tabs()->setCurrentWidget(desk.window.attention());
    QTRY_VERIFY_WITH_TIMEOUT(!desk.window.attention()->large()->data().isEmpty(), kSoonMs);
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{40}, kSoonMs);
  }

 private slots:
  void initTestCase() { qApp->installEventFilter(&m_keys); }
  void init() { m_home = std::make_unique<tests::TemporaryHome>(); }

  void valueWeightedAndScoresAreThoseOfInspect() {
    tests::Desk desk;
    train(desk);
    AttentionView& view = *desk.window.attention();
    const auto values = [&view] { return view.large()->reading().values; };
    choose(view.showBox(), static_cast<int>(HeadValues::Weighted));
    QTRY_COMPARE_WITH_TIMEOUT(values(), HeadValues::Weighted, kSoonMs);
    auto snapshot = snapshotOf(desk, 40);
    QVERIFY(snapshot != nullptr);
    const auto first = engine::subset(snapshot->probe(), 0, 1);
    const auto output = inspect(*snapshot, first);
    QCOMPARE(view.large()->data().step, std::int64_t{40});
    QCOMPARE(view.large()->data().length, first.lengths[0]);
    QCOMPARE(wrongCells(view.large()->data(), output, output.weighted), 0);
    QVERIFY(wrongCells(view.large()->data(), output, output.scores) > 0);
    QVERIFY(view.numbers().columns.contains(QStringLiteral("value_weighted")));
    choose(view.showBox(), static_cast<int>(HeadValues::Scores));
    QTRY_COMPARE_WITH_TIMEOUT(values(), HeadValues::Scores, kSoonMs);
    QCOMPARE(wrongCells(view.large()->data(), output, output.scores), 0);
    // Back in time: the weights of the checkpoint there.
    desk.controller.moveCursor(20);
    QTRY_COMPARE_WITH_TIMEOUT(view.large()->data().step, std::int64_t{20}, kSoonMs);
    auto earlier = snapshotOf(desk, 20);
    const auto before = inspect(*earlier, first);
    QCOMPARE(wrongCells(view.large()->data(), before, before.scores), 0);
    QVERIFY(wrongCells(view.large()->data(), output, output.scores) > 0);
    // The mean is of many sequences: what these are computed of is one.
    choose(view.probeBox(), view.probeBox()->findData(-1));
    QTRY_VERIFY_WITH_TIMEOUT(view.problem().contains(QStringLiteral("one sequence")), kSoonMs);
    choose(view.showBox(), static_cast<int>(HeadValues::Difference));
    QVERIFY(view.problem().isEmpty());
    QCOMPARE(values(), HeadValues::Difference);
  }

  /// A draft takes the values away while nobody looks.
  void valuesOfARunAreBackAfterADraft() {
    tests::Desk desk;
    train(desk);
    if (QTest::currentTestFailed())
      return;
    AttentionView& view = *desk.window.attention();
    choose(view.showBox(), static_cast<int>(HeadValues::Weighted));
    QTRY_COMPARE_WITH_TIMEOUT(view.large()->reading().values, HeadValues::Weighted, kSoonMs);
    const auto run = desk.controller.shownRun()->id();
    QTest::keyClick(&desk.window, Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY(!view.isVisible());
    desk.controller.showDraft();
    QTRY_VERIFY(!view.evaluated());
    desk.controller.showRun(run);
    QTRY_COMPARE_WITH_TIMEOUT(desk.shownStep(), std::int64_t{40}, kSoonMs);
    QTest::keyClick(&desk.window, Qt::Key_2, Qt::ControlModifier);
    QTRY_VERIFY(view.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(view.evaluated(), kSoonMs);
    view.nextHead(1);
    QCOMPARE(view.large()->data().layer, view.options().layer);
    QCOMPARE(view.large()->data().step, std::int64_t{40});
    QCOMPARE(view.large()->reading().values, HeadValues::Weighted);
  }

  /// Single letters belong to a button that has the focus; a click gives it none.
  void lettersAndButtons() {
    tests::Desk desk;
    train(desk);
    AttentionView& view = *desk.window.attention();
    const auto outline = [&] { return view.options().outlines; };
    const bool before = outline();
    view.large()->setFocus();
    QTest::keyClick(view.large(), Qt::Key_O);
    QCOMPARE(outline(), !before);
    QPushButton* run = desk.window.toolbar()->runButton();
    run->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY(run->hasFocus());
    QTest::keyClick(run, Qt::Key_O);
    QCOMPARE(outline(), !before);
    QTest::keyClick(run, Qt::Key_Comma);
    QCOMPARE(desk.shownStep(), std::int64_t{40});
    QStringList taking;
    for (const QAbstractButton* button : desk.window.findChildren<QAbstractButton*>()) {
      if (button->window() == &desk.window && (button->focusPolicy() & Qt::ClickFocus) != 0)
        taking << QString::fromLatin1(button->metaObject()->className()) + ' ' +
                      button->objectName() + ' ' + button->accessibleName() + ' ' + button->text() +
                      " in " + button->parentWidget()->metaObject()->className();
    }
    QVERIFY2(taking.isEmpty(), qPrintable(taking.join('\n')));
  }

  void aTypedSequenceIsEvaluated() {
    tests::Desk desk;
    train(desk);
    AttentionView& view = *desk.window.attention();
    choose(view.probeBox(), view.probeBox()->count() - 1);
    QVERIFY(view.typedEdit()->isVisible());
    auto snapshot = snapshotOf(desk, 40);
    QVERIFY(snapshot != nullptr);
    core::SequenceSet second = engine::subset(snapshot->probe(), 1, 1);
    QStringList tokens;
    for (const auto token : second.row(0))
      tokens << QString::number(token);
    view.typedEdit()->selectAll();
    QTest::keyClicks(view.typedEdit(), tokens.join(' '));
    const auto shown = [&view] {
      QStringList texts;
      for (const auto& token : view.large()->data().tokens)
        texts << token.text;
      return texts;
    };
    QTRY_COMPARE_WITH_TIMEOUT(shown(), tokens, kSoonMs);
    const auto output = inspect(*snapshot, second);
    QCOMPARE(wrongCells(view.large()->data(), output, output.patterns.pattern), 0);
    const auto& marked = view.large()->data().tokens;
    QVERIFY(std::any_of(marked.begin(), marked.end(),
                        [](const auto& token) { return token.role == widgets::TokenRole::Key; }));
    // A token that there is not.
    QTest::keyClicks(view.typedEdit(), QStringLiteral("999"));
    QTRY_VERIFY_WITH_TIMEOUT(view.problem().contains(QStringLiteral("vocabulary")), kSoonMs);
    QVERIFY(view.large()->data().isEmpty());
  }

  /// The model has positions for more tokens than the task's sequences have.
  void aTypedSequenceMayBeLongerThanTheTasks() {
    tests::Desk desk;
    auto spec = tests::tinyExperiment();
    spec.model.n_ctx = 12;
    train(desk, spec);
    if (QTest::currentTestFailed())
      return;
    auto snapshot = snapshotOf(desk, 40);
    QVERIFY(snapshot != nullptr);
    AttentionQuestion question;
    question.is_typed = true;
    question.typed = QStringLiteral("20 3 21 22 23 24 25 26 27 28 29 30");
    const auto longer = answerAttention(*snapshot, question, *desk.controller.probe());
    QVERIFY(longer);
    const widgets::HeadMapData& map = longer->heads->maps.at(0);
    QCOMPARE(map.length, 12);
    for (int reader = 0; reader < map.length; ++reader) {
      float sum = 0;
      for (int source = 0; source <= reader; ++source)
        sum += map.at({reader, source});
      QVERIFY(std::abs(sum - 1) < 1e-4F);
    }
    QVERIFY2(longer->verdict.startsWith(QStringLiteral("Without roles")),
             qPrintable(longer->verdict));
    question.typed += QStringLiteral(" 31");
    const auto too_long = answerAttention(*snapshot, question, *desk.controller.probe());
    QVERIFY(!too_long);
    QCOMPARE(QString::fromStdString(too_long.error().message),
             QStringLiteral("The model reads up to 12 tokens (n_ctx); these are 13."));
  }

  /// Typed, a sequence is outlined as it is in the probe: by the form that it fits.
  void aTypedSequenceIsOutlinedByItsForm() {
    tests::Desk desk;
    auto spec = tests::tinyExperiment();
    spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 4 x * -> x+1", 1.0, {}, {}}};
    spec.probe.size = 32;
    train(desk, spec);
    if (QTest::currentTestFailed())
      return;
    auto snapshot = snapshotOf(desk, 40);
    QVERIFY(snapshot != nullptr);
    const core::SequenceSet& probe = snapshot->probe();
    const auto outlines = [&](const AttentionQuestion& question) {
      const auto answer = answerAttention(*snapshot, question, *desk.controller.probe());
      return answer ? answer->heads->maps.at(0).outlines : std::vector<widgets::MapOutline>();
    };
    std::array<int, 2> checked{};
    for (std::size_t i = 0; i < probe.size(); ++i) {
      AttentionQuestion question;
      question.sequence = static_cast<int>(i);
      const auto expected = outlines(question);
      QVERIFY(expected.size() >= 2);  // the key reads the anchor, and is read
      question.is_typed = true;
      for (const auto token : probe.row(i))
        question.typed += QString::number(token) + QLatin1Char(' ');
      question.typed.chop(1);
      QVERIFY(outlines(question) == expected);
      ++checked.at(static_cast<std::size_t>(probe.forms[i]));
    }
    QVERIFY(checked[0] > 0 && checked[1] > 0);
  }

  void aDraftSaysWhyNot() {
    tests::Desk desk;
    AttentionView& view = *desk.window.attention();
    desk.window.tabs()->setCurrentWidget(&view);
    QTRY_VERIFY_WITH_TIMEOUT(!view.large()->data().isEmpty(), kSoonMs);
    choose(view.showBox(), static_cast<int>(HeadValues::Weighted));
    QCOMPARE(view.problem(),
             QStringLiteral("A draft has no weights to compute this from: run it."));
    QVERIFY(view.large()->data().isEmpty());
    choose(view.showBox(), static_cast<int>(HeadValues::Attention));
    QVERIFY(view.problem().isEmpty());
    QVERIFY(!view.large()->data().isEmpty());
  }

  /// And not that there are no weights yet.
  void aRunThatCannotBeReadSaysWhyNot() {
    tests::Desk desk;
    AttentionView& view = *desk.window.attention();
    desk.window.tabs()->setCurrentWidget(&view);
    QTRY_VERIFY_WITH_TIMEOUT(!view.large()->data().isEmpty(), kSoonMs);
    choose(view.showBox(), static_cast<int>(HeadValues::Weighted));
    desk.controller.openRun(toPath(m_home->path()));
    QTRY_VERIFY_WITH_TIMEOUT(view.problem().contains(QStringLiteral("experiment.json")), kSoonMs);
    QVERIFY(view.large()->data().isEmpty());
  }
};

QTEST_MAIN(TestAttentionWindow)
#include "tst_attention_window.moc"
