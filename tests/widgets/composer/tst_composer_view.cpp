// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "engine/core/task_text.h"
#include "widgets/composer/checks_card.h"
#include "widgets/composer/chip_row.h"
#include "widgets/composer/composer_view.h"
#include "widgets/composer/form_row.h"
#include "widgets/composer/pattern_card.h"
#include "widgets/composer/pattern_line.h"
#include "widgets/composer/problem_lines.h"
#include "widgets/composer/samples_card.h"
#include "widgets/panel_samples.h"

#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QtTest>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

/// Checks as the worker makes them, without its thread.
ExperimentChecks checksOf(const core::ExperimentSpec& spec) {
  ExperimentChecks checks;
  checks.problems = core::checkExperiment(spec);
  checks.repairs = core::repairsOf(spec, checks.problems);
  auto task = core::Task::compile(spec.task);
  if (!task)
    return checks;
  core::Random random(3, "test");
  checks.samples = task->draw(core::Split::Train, 14, random);
  checks.samples_of_kind[0] = checks.samples;
  checks.samples_of_kind[1] = task->draw(core::Split::Test, 12, random);
  const auto data = core::makeDataset(*task, spec.data);
  if (data) {
    checks.n_train = static_cast<std::int64_t>(data->train.size());
    checks.n_test = static_cast<std::int64_t>(data->test.size());
    checks.group_counts.assign(task->groups().size(), 0);
    for (const core::SequenceSet* set : {&data->train, &data->test}) {
      for (const auto group : set->groups)
        ++checks.group_counts[static_cast<std::size_t>(group)];
    }
  }
  checks.task = std::move(*task);
  return checks;
}

core::ExperimentSpec small(const char* name) {
  core::ExperimentSpec spec = core::preset(name);
  spec.data.n_train = 300;
  spec.data.n_test = 40;
  return spec;
}

QString valueOf(const ChecksCard& card, const QString& name) {
  for (const auto& row : card.rows()) {
    if (row.name == name)
      return row.value;
  }
  return {};
}

}  // namespace

class TestComposerView : public QObject {
  Q_OBJECT

 private slots:
  void samplesStandInColumnsAndAreFiltered() {
    SamplesCard card;
    const auto spec = small("composite");
    card.setExperiment(spec, false);
    card.setChecks(checksOf(spec));
    card.resize(900, 500);
    card.show();
    QVERIFY(card.list()->count() >= 12);
    QTRY_COMPARE(card.list()->columns(), 2);
    QCOMPARE(card.list()->rowAt(card.list()->rowRect(9).center()), 9);
    QVERIFY(card.list()->rowRect(7).left() > card.list()->rowRect(6).right());
    card.resize(420, 500);
    QTRY_COMPARE(card.list()->columns(), 1);
    card.filter()->setFocus();
    QTest::keyClick(card.filter(), Qt::Key_Down);
    QTest::keyClick(card.filter(), Qt::Key_Down);
    QCOMPARE(card.filter()->currentText(), QString("test"));
    QCOMPARE(card.list()->count(), std::size_t{12});
    for (const auto& row : card.numbers().rows)
      QCOMPARE(std::get<QString>(row.back()), QString("test"));
    QTest::keyClick(card.filter(), Qt::Key_End);
    QCOMPARE(card.list()->count(), std::size_t{0});  // nothing is relabelled
    QSignalSpy asked(&card, &SamplesCard::newSamplesRequested);
    QTest::mouseClick(card.newSamplesButton(), Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
  }

  void aTypedSequenceIsJudged_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("trained") << "30 42 1 2 50 60 70 80 90"
                             << "42 -> 1: x+5 = 47 -> 2: x+1 = 48\n"
                                "Can be trained on (group A=1 B=2 seen)";
    QTest::newRow("held-out pair") << " 30, 42, 3, 4, 50, 60, 70, 80, 90"
                                   << "42 -> 3: x-2 = 40 -> 4: x-8 = 32\n"
                                      "Held out: A = 3, B = 4 (group A=3 B=4 held_out)";
    QTest::newRow("nothing") << "  "
                             << "";
  }
  void aTypedSequenceIsJudged() {
    QFETCH(QString, typed);
    QFETCH(QString, verdict);
    SamplesCard card;
    const auto spec = small("composite");
    card.setExperiment(spec, false);
    card.setChecks(checksOf(spec));
    card.show();
    QTest::keyClicks(card.trial(), typed);
    QCOMPARE(card.verdict(), verdict);
    QCOMPARE(card.judged()->isVisible(), !verdict.isEmpty());
  }

  void aSequenceThatNoFormFitsSaysWhy() {
    SamplesCard card;
    const auto spec = small("composite");
    card.setChecks(checksOf(spec));
    card.show();
    QTest::keyClicks(card.trial(), "30 41 50");
    const auto judged =
        core::Task::compile(spec.task)->judge(std::vector<std::int32_t>{30, 41, 50});
    QVERIFY(!judged);
    QCOMPARE(card.verdict(), QString::fromStdString(judged.error()));
    QTest::mouseClick(card.trial(), Qt::LeftButton);
    QTest::keyClick(card.trial(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(card.trial(), Qt::Key_Delete);
    QCOMPARE(card.verdict(), QString());
  }

  void checksCountEveryGroup() {
    ChecksCard card;
    const auto spec = small("composite");
    card.setExperiment(spec, false);
    card.setChecks(checksOf(spec));
    QCOMPARE(valueOf(card, "Training sequences"), QString("300"));
    QCOMPARE(valueOf(card, "Test, unseen keys"), QString("40"));
    QCOMPARE(valueOf(card, "Test, unseen A=3 B=4"), QString("40"));
    QCOMPARE(valueOf(card, "Test sequences seen in training"), QString("0"));
    QVERIFY(valueOf(card, "Best possible accuracy").startsWith("100"));
    QCOMPARE(valueOf(card, "Problems"), QString("0"));
    QVERIFY(!card.isDimmed());
    // Another experiment: what stands there is old, and stays.
    auto next = spec;
    next.data.seed = 9;
    card.setExperiment(next, false);
    QVERIFY(card.isDimmed());
    QCOMPARE(valueOf(card, "Training sequences"), QString("300"));
  }

  void problemsOfNoOtherCardAreShownWithTheirRepairs() {
    ComposerView view;
    auto spec = small("demo");
    spec.model.n_ctx = 4;
    view.showDraft(spec);
    view.setChecks(checksOf(spec));
    view.resize(1200, 800);
    view.show();
    QSignalSpy edited(&view, &ComposerView::edited);
    QCOMPARE(view.checks()->problems()->problems().size(), std::size_t{1});
    QCOMPARE(valueOf(*view.checks(), "Problems"), QString("1"));
    const auto buttons = view.checks()->problems()->findChildren<QPushButton*>();
    QVERIFY(!buttons.isEmpty());
    QVERIFY(view.focusFirstProblem());
    QTest::mouseClick(buttons.first(), Qt::LeftButton);
    QCOMPARE(edited.count(), 1);
    const auto next = edited.first().at(0).value<core::ExperimentSpec>();
    QVERIFY(core::checkExperiment(next).empty());
    // Once something else was changed, the repair would bring the old state back.
    auto other = spec;
    other.training.seed = 5;
    view.showDraft(other);
    QVERIFY(!buttons.first()->isEnabled());
  }

  void patternsAndTasksArePasted() {
    ComposerView view;
    view.showDraft(core::preset("demo"));
    QSignalSpy edited(&view, &ComposerView::edited);
    QString problem;
    QVERIFY(view.paste("  * 5 x -> x+1 ", &problem));
    auto next = edited.last().at(0).value<core::ExperimentSpec>();
    QCOMPARE(next.task.forms[0].pattern, std::string("* 5 x -> x+1"));
    QVERIFY(view.paste("{ a b | b c } a -> c", &problem));
    const auto composite = core::preset("composite");
    QVERIFY(view.paste(QString::fromStdString(core::writeTask(composite)), &problem));
    next = edited.last().at(0).value<core::ExperimentSpec>();
    QCOMPARE(next.task, composite.task);
    QCOMPARE(next.model, core::preset("demo").model);  // a task brings no model
    QVERIFY(view.paste(QString::fromStdString(core::writeExperiment(composite)), &problem));
    QCOMPARE(edited.last().at(0).value<core::ExperimentSpec>(), composite);
    const auto count = edited.count();
    QVERIFY(!view.paste("{\"task\": 3}", &problem));
    QVERIFY2(problem.contains("/task"), qPrintable(problem));
    QVERIFY(!view.paste("hello -> ", &problem));
    QVERIFY(!view.paste("", &problem));
    view.showRun(composite, "Settings of run 1");
    QVERIFY(!view.paste("* 5 x -> x", &problem));
    QCOMPARE(edited.count(), count);
  }

  void aTaskFileIsDropped() {
    ComposerView view;
    view.resize(900, 600);
    view.show();
    QSignalSpy dropped(&view, &ComposerView::fileDropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile("/tmp/task.json")});
    QDragEnterEvent enter({20, 20}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&view, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&view, &drop);
    QCOMPARE(dropped.count(), 1);
    QCOMPARE(dropped.first().at(0).toString(), QString("/tmp/task.json"));
    data.setUrls({QUrl::fromLocalFile("/tmp/run.sqlite")});
    QDragEnterEvent other({20, 20}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&view, &other);
    QVERIFY(!other.isAccepted());
  }

  void cardsStandInOneColumnWhereItIsNarrow() {
    ComposerView view;
    view.showDraft(core::preset("composite"));
    view.resize(1100, 800);
    view.show();
    const auto left = [&](QWidget* card) { return card->mapTo(&view, QPoint()).x(); };
    QTRY_VERIFY(left(view.checks()) > left(view.samples()));
    view.resize(900, 800);
    QTRY_COMPARE(left(view.checks()), left(view.samples()));
    QVERIFY(view.checks()->y() > view.samples()->y());
  }

  void aRunIsReadOnlyAndCanBeCopied() {
    ComposerView view;
    view.resize(900, 600);
    view.show();
    view.showRun(core::preset("demo"), "Settings of run 7, in training");
    QSignalSpy copy(&view, &ComposerView::editCopyRequested);
    for (QPushButton* button : view.findChildren<QPushButton*>()) {
      if (button->text() == "Edit a copy")
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(copy.count(), 1);
    QVERIFY(view.pattern()->rows()[0]->line()->isReadOnly());
  }

  void aTaskTextIsAnExperimentFile() {
    const auto composite = core::preset("composite");
    const auto read = core::parseExperiment(core::writeTask(composite));
    QVERIFY(read.has_value());
    QCOMPARE(read->task, composite.task);
    QCOMPARE(read->name, composite.name);
    const auto bare = core::withPastedTask(composite, R"({"forms": [{"pattern": "* 3 x -> x"}]})");
    QVERIFY(bare.has_value());
    QCOMPARE(bare->task.forms[0].pattern, std::string("* 3 x -> x"));
    QCOMPARE(bare->training, composite.training);
  }
};

QTEST_MAIN(TestComposerView)
#include "tst_composer_view.moc"
