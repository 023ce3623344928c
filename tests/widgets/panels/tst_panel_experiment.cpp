// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/experiment_json.h"
#include "widgets/number_format.h"
#include "widgets/panel_experiment.h"
#include "widgets/panel_facts.h"
#include "widgets/panel_pattern.h"

#include <nlohmann/json.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTextBlock>
#include <QtTest>

#include <set>

using namespace anchorlens;
using namespace anchorlens::widgets;

namespace {

using Json = nlohmann::ordered_json;

/// An experiment in which every optional part is there.
core::ExperimentSpec fullExperiment() {
  auto spec = core::preset("composite");
  spec.task.relabel = {{{{"A", 1}, {"B", 2}}, "x-6"}};
  spec.task.held_out.emplace_back(core::KeysRule{1, {{20, 27}}});
  spec.task.held_out.emplace_back(core::PredicateRule{"x mod 3"});
  spec.task.held_out.emplace_back(core::LengthRule{{12}});
  spec.task.keys["x"] = {{30, 60}};
  spec.task.forms[0].anchors["A"] = {1, 2};
  spec.task.forms[0].distinct = {{"A", "B"}};
  spec.model.init.kind = core::InitSpec::Kind::Gamma;
  spec.model.init.groups["qk"] = 0.8;
  spec.training.stop_when.emplace();
  spec.training.optimizer = core::TrainingSpec::Optimizer::Sgd;
  spec.training.schedule.kind = core::ScheduleSpec::Kind::WarmupCosine;
  spec.probe.sequences = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
  return spec;
}

/// Pointers of the leaves of a document.
void collectLeaves(const Json& json, const QString& pointer, QStringList& leaves) {
  if (!json.is_structured() || json.empty()) {
    leaves.append(pointer);
    return;
  }
  if (json.is_object()) {
    for (const auto& [key, value] : json.items())
      collectLeaves(value, pointer + '/' + QString::fromStdString(key), leaves);
  } else {
    for (std::size_t i = 0; i < json.size(); ++i)
      collectLeaves(json[i], pointer + '/' + QString::number(i), leaves);
  }
}

/// Another value for a field, as a person would type it.
QString otherText(const FormField& field) {
  const QString pointer = field.spec().pointer;
  const QString text = field.text();
  if (field.spec().kind == FieldSpec::Kind::Pattern)
    return QStringLiteral("* x A B -> A(B(x))");
  if (pointer.endsWith(QStringLiteral("/intervals")) || pointer == QLatin1String("/task/noise"))
    return QStringLiteral("21-33, 40-41");
  if (pointer == QLatin1String("/task/keys"))
    return QStringLiteral("x: 22-44");
  if (pointer.endsWith(QStringLiteral("/values")))
    return QStringLiteral("A=2 B=1");
  if (pointer.endsWith(QStringLiteral("/anchors")))
    return QStringLiteral("B: 4");
  if (pointer.endsWith(QStringLiteral("/distinct")))
    return QStringLiteral("B A");
  if (pointer.endsWith(QStringLiteral("/groups")))
    return QStringLiteral("vo: 0.25");
  if (pointer == QLatin1String("/training/betas"))
    return QStringLiteral("0.8, 0.95");
  if (pointer == QLatin1String("/probe/sequences"))
    return QStringLiteral("9 8 7 6 5 4 3 2 1");
  if (pointer.endsWith(QStringLiteral("/lengths")) || pointer == QLatin1String("/task/seq_len"))
    return QStringLiteral("10, 11");
  bool is_number = false;
  const double number = text.toDouble(&is_number);
  if (is_number)
    return QString::number(number == std::floor(number) ? number + 1 : number / 2);
  return text.isEmpty() ? QStringLiteral("7") : text + QStringLiteral("2");
}

void type(FormField* field, const QString& text) {
  if (auto* line = qobject_cast<QLineEdit*>(field->editor())) {
    line->selectAll();
    QTest::keyClicks(line, text);
  } else if (auto* plain = qobject_cast<QPlainTextEdit*>(field->editor())) {
    plain->selectAll();
    plain->insertPlainText(text);
  } else if (auto* choice = qobject_cast<QComboBox*>(field->editor())) {
    const int row = (choice->currentIndex() + 1) % choice->count();
    choice->setCurrentIndex(row);
    emit choice->activated(row);
  } else {
    qobject_cast<QCheckBox*>(field->editor())->click();
  }
}

}  // namespace

class TestPanelExperiment : public QObject {
  Q_OBJECT

 private slots:
  void everyFieldOfTheFileIsThere() {
    ExperimentPanel panel;
    const auto spec = fullExperiment();
    panel.showDraft(spec, {});
    QStringList leaves;
    collectLeaves(Json::parse(core::writeExperiment(spec)), {}, leaves);
    QVERIFY(leaves.size() > 70);
    const std::set<QString> not_editable{"/format", "/format_version"};
    QStringList missing;
    for (const QString& leaf : leaves) {
      const bool is_there = [&] {
        for (const FormField* field : panel.fields()) {
          const QString& pointer = field->spec().pointer;
          if (leaf == pointer || leaf.startsWith(pointer + '/'))
            return true;
        }
        return false;
      }();
      if (!is_there && !not_editable.contains(leaf))
        missing.append(leaf);
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(' ')));
  }

  void everyFieldEditsTheExperimentAndComesBack() {
    ExperimentPanel panel;
    core::ExperimentSpec spec = fullExperiment();
    panel.showDraft(spec, {});
    std::optional<core::ExperimentSpec> edited;
    QString undo_text;
    connect(&panel, &ExperimentPanel::edited, &panel,
            [&](const core::ExperimentSpec& next, const QString& text, const QString&) {
              edited = next;
              undo_text = text;
            });
    QStringList pointers;
    for (const FormField* field : panel.fields())
      pointers.append(field->spec().pointer);
    for (const QString& pointer : pointers) {
      panel.showDraft(spec, {});
      FormField* field = panel.field(pointer);
      QVERIFY2(field != nullptr, qPrintable(pointer));
      if (!field->editor()->isEnabled())
        continue;
      const QString before = field->text();
      edited.reset();
      type(field, otherText(*field));
      QVERIFY2(edited.has_value(), qPrintable(pointer + ": no edit"));
      QVERIFY2(!(*edited == spec), qPrintable(pointer + ": nothing changed"));
      QVERIFY2(undo_text.startsWith(QStringLiteral("change ")), qPrintable(undo_text));
      // What changed lies at the field's pointer (steps and epochs empty each other).
      const Json was = Json::parse(core::writeExperiment(spec));
      const Json is = Json::parse(core::writeExperiment(*edited));
      for (const auto& change : Json::diff(was, is)) {
        const QString path = QString::fromStdString(change["path"].get<std::string>());
        const bool is_own = path.startsWith(pointer) || pointer.startsWith(path) ||
                            path.startsWith(pointer.section('/', 0, -2));
        QVERIFY2(is_own, qPrintable(pointer + " changed " + path));
      }
      // The changed experiment shows in the field; the old one brings the old text back.
      panel.showDraft(*edited, {});
      panel.showDraft(spec, {});
      FormField* again = panel.field(pointer);
      QCOMPARE(again->text(), before);
    }
  }

  void aTextThatIsNoValueStaysAndIsAProblem() {
    ExperimentPanel panel;
    const auto spec = core::preset("demo");
    panel.showDraft(spec, {});
    QSignalSpy edited(&panel, &ExperimentPanel::edited);
    FormField* field = panel.field(QStringLiteral("/model/d_model"));
    type(field, QStringLiteral("wide"));
    QCOMPARE(edited.count(), 0);
    QCOMPARE(panel.problemCount(), 1);
    QCOMPARE(*panel.firstProblemTab(), FormTab::Model);
    panel.showDraft(spec, {});  // another field was edited: the text stays
    QCOMPARE(field->text(), QStringLiteral("wide"));
    type(field, QStringLiteral("64"));
    QCOMPARE(panel.problemCount(), 0);
  }

  void errorsStandUnderTheFieldTheyConcern() {
    ExperimentPanel panel;
    auto spec = core::preset("demo");
    spec.task.forms[0].pattern = "* 3 x * -> ";
    spec.training.batch_size = -1;
    panel.showDraft(spec, {});
    ExperimentChecks checks;
    checks.problems = core::checkExperiment(spec);
    QVERIFY(checks.problems.size() >= 2);
    panel.setChecks(checks);
    QVERIFY(panel.field(QStringLiteral("/task/forms/0/pattern"))->hasProblem());
    QVERIFY(panel.field(QStringLiteral("/training/batch_size"))->hasProblem());
    QVERIFY(!panel.field(QStringLiteral("/model/d_model"))->hasProblem());
    QCOMPARE(*panel.firstProblemTab(), FormTab::Task);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    panel.setCurrentTab(FormTab::Probe);
    QVERIFY(panel.focusFirstProblem());
    QCOMPARE(panel.currentTab(), FormTab::Task);
  }

  void errorsOfAListAndOfNoFieldAreShownToo() {
    ExperimentPanel panel;
    panel.showDraft(core::preset("demo"), {});
    ExperimentChecks checks;
    checks.problems = {{"/task/held_out", "Nothing is left to train on."},
                       {"", "The whole thing is odd."}};
    panel.setChecks(checks);
    QCOMPARE(panel.problemCount(), 2);
    int shown = 0;
    for (const QLabel* label : panel.findChildren<QLabel*>()) {
      if (!label->isHidden() && (label->text() == QStringLiteral("Nothing is left to train on.") ||
                                 label->text() == QStringLiteral("The whole thing is odd.")))
        ++shown;
    }
    QCOMPARE(shown, 2);
  }

  void rowsAreAddedAndRemoved() {
    ExperimentPanel panel;
    core::ExperimentSpec spec = core::preset("composite");
    panel.showDraft(spec, {});
    connect(&panel, &ExperimentPanel::edited, &panel, [&](const core::ExperimentSpec& next) {
      spec = next;
      panel.showDraft(spec, {});
    });
    const auto press = [&](const char* name) {
      auto* button = panel.findChild<QAbstractButton*>(QString::fromLatin1(name));
      QVERIFY2(button != nullptr, name);
      button->click();
      QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    };
    const auto anchors = spec.task.anchors.size();
    press("/task/anchors/add");
    QCOMPARE(spec.task.anchors.size(), anchors + 1);
    press("/task/anchors/0/remove");
    QCOMPARE(spec.task.anchors.size(), anchors);
    QCOMPARE(spec.task.anchors[0].token, 2);
    const auto rules = spec.task.held_out.size();
    press("/task/held_out/add");
    QCOMPARE(spec.task.held_out.size(), rules + 1);
    press("/task/relabel/add");
    QCOMPARE(spec.task.relabel.size(), std::size_t{1});
    press("/task/forms/add");
    QCOMPARE(spec.task.forms.size(), std::size_t{2});
    press("/task/forms/1/remove");
    QCOMPARE(spec.task.forms.size(), std::size_t{1});
  }

  void aRunsSettingsAreReadOnly() {
    ExperimentPanel panel;
    panel.showRun(fullExperiment(), QStringLiteral("Settings of run 7, in training"), true);
    QSignalSpy edited(&panel, &ExperimentPanel::edited);
    for (FormField* field : panel.fields()) {
      if (auto* line = qobject_cast<QLineEdit*>(field->editor()))
        QVERIFY2(line->isReadOnly(), qPrintable(field->spec().pointer));
      else if (auto* plain = qobject_cast<QPlainTextEdit*>(field->editor()))
        QVERIFY2(plain->isReadOnly(), qPrintable(field->spec().pointer));
      else
        QVERIFY2(!field->editor()->isEnabled(), qPrintable(field->spec().pointer));
    }
    QVERIFY(panel.findChild<QAbstractButton*>(QStringLiteral("/task/anchors/add"))->isHidden());
    QCOMPARE(edited.count(), 0);
    QSignalSpy copies(&panel, &ExperimentPanel::editCopyRequested);
    for (QPushButton* button : panel.findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Edit a copy"))
        button->click();
    }
    QCOMPARE(copies.count(), 1);
  }

  void samplesAreShownWithTheirGroups() {
    ExperimentPanel panel;
    const auto spec = core::preset("demo");
    panel.showDraft(spec, {});
    ExperimentChecks checks;
    checks.task = *core::Task::compile(spec.task);
    core::Random random(1);
    checks.samples = checks.task->draw(core::Split::Train, 12, random);
    panel.setChecks(checks);
    const NumberTable table = panel.sampleNumbers();
    QCOMPARE(table.rows.size(), std::size_t{12});
    QCOMPARE(table.columns.size(), qsizetype{11});
    QCOMPARE(valueText(table.rows[0].back()), QStringLiteral("train"));
  }

  void thePatternLineTakesNoLineBreaks() {
    PatternEdit edit;
    QTest::keyClicks(&edit, QStringLiteral("* 3 x"));
    QTest::keyClick(&edit, Qt::Key_Return);
    QTest::keyClicks(&edit, QStringLiteral(" * -> x"));
    QCOMPARE(edit.text(), QStringLiteral("* 3 x * -> x"));
    edit.setErrorRange(100, 3);  // beyond the text: painted at its end
    edit.show();
    QVERIFY(QTest::qWaitForWindowExposed(&edit));
    QVERIFY(!edit.grab().isNull());
  }

  void thePresetOfTheExperimentIsNamed() {
    ExperimentPanel panel;
    panel.showDraft(core::preset("composite"), {});
    QComboBox* presets = nullptr;
    for (QComboBox* box : panel.findChildren<QComboBox*>()) {
      if (box->accessibleName() == QStringLiteral("Preset"))
        presets = box;
    }
    QVERIFY(presets != nullptr);
    QCOMPARE(presets->currentData().toString(), QStringLiteral("composite"));
    auto own = core::preset("composite");
    own.model.d_model = 96;
    panel.showDraft(own, {});
    QCOMPARE(presets->currentIndex(), 0);
    QSignalSpy chosen(&panel, &ExperimentPanel::presetChosen);
    const int row = presets->findData(QStringLiteral("demo"));
    presets->setCurrentIndex(row);
    emit presets->activated(row);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("demo"));
  }

  void aWrongLineOfTheProbeIsNamedByItsNumber() {
    ExperimentPanel panel;
    auto spec = core::preset("demo");
    connect(&panel, &ExperimentPanel::edited, &panel, [&](const core::ExperimentSpec& next) {
      spec = next;
      panel.showDraft(spec, {});
      ExperimentChecks checks;
      checks.problems = core::checkExperiment(spec);
      panel.setChecks(checks);
    });
    panel.showDraft(spec, {});
    panel.setCurrentTab(FormTab::Probe);
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    FormField* field = panel.field(QStringLiteral("/probe/sequences"));
    auto* text = qobject_cast<QPlainTextEdit*>(field->editor());
    const auto shown = [&] {
      for (const QLabel* label : field->findChildren<QLabel*>()) {
        if (label->property("role").toString() == QLatin1String("problem"))
          return label->text();
      }
      return QString();
    };
    text->setFocus();
    // An empty line counts as a line; the third has no anchor, the fourth is no list of numbers.
    text->insertPlainText(
        QStringLiteral("55 3 46 34 39 34 84 90 67\n\n55 4 46 34 39 34 84 90 67\n1 2 x"));
    QVERIFY2(shown().startsWith(QStringLiteral("Line 4: ")), qPrintable(shown()));
    QCOMPARE(text->extraSelections().size(), 1);
    QTest::keyClick(text, Qt::Key_Backspace);
    QTest::keyClick(text, Qt::Key_Backspace);  // "1 2": too short
    QStringList lines = shown().split('\n');
    QCOMPARE(lines.size(), 1);  // the form of a line is checked before its meaning
    QVERIFY2(lines[0].startsWith(QStringLiteral("Line 4: expected 9 tokens")),
             qPrintable(lines[0]));
    for (int i = 0; i < 4; ++i)
      QTest::keyClick(text, Qt::Key_Backspace);
    QVERIFY2(shown().startsWith(QStringLiteral("Line 3: Anchor 3 is missing")),
             qPrintable(shown()));
    QCOMPARE(text->extraSelections().at(0).cursor.block().blockNumber(), 2);
    text->selectAll();
    QTest::keyClick(text, Qt::Key_Delete);
    QVERIFY(!field->hasProblem());
    QVERIFY(text->extraSelections().isEmpty());
  }

  void theDrawnSequencesCanBeWrittenOutAndEdited() {
    ExperimentPanel panel;
    const auto spec = core::preset("demo");
    panel.showDraft(spec, {});
    ExperimentChecks checks;
    checks.task = *core::Task::compile(spec.task);
    core::Random random(1);
    checks.shown = checks.task->draw(core::Split::Test, 3, random);
    panel.setChecks(checks);
    panel.setCurrentTab(FormTab::Probe);
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    QSignalSpy edited(&panel, &ExperimentPanel::edited);
    QPushButton* link = nullptr;
    for (QPushButton* button : panel.findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Write out the drawn ones"))
        link = button;
    }
    QTest::mouseClick(link, Qt::LeftButton);
    QCOMPARE(edited.count(), 1);
    const auto next = edited.at(0).at(0).value<core::ExperimentSpec>();
    QCOMPARE(next.probe.sequences.size(), std::size_t{3});
    const auto row = checks.shown.row(1);
    QCOMPARE(next.probe.sequences[1], std::vector<int>(row.begin(), row.end()));
    panel.showDraft(next, {});
    panel.setChecks(checks);
    QVERIFY(!link->isEnabled());  // nothing is drawn any more
  }

  void theExpectedTimeStandsBesideTheSteps() {
    ExperimentPanel panel;
    auto spec = core::preset("demo");
    panel.showDraft(spec, {});
    QLabel* line = nullptr;
    for (QLabel* label : panel.findChildren<QLabel*>()) {
      if (label->accessibleName() == QStringLiteral("Expected time"))
        line = label;
    }
    QVERIFY(line != nullptr);
    const QString steps = formatInteger(1500) + QStringLiteral(" steps");
    panel.setSpeed({TrainingSpeed::State::Measuring, 0, {}});
    QCOMPARE(line->text(), steps + QStringLiteral(": measuring…"));
    panel.setSpeed({TrainingSpeed::State::Known, 136.7, {}});
    QCOMPARE(line->text(), steps + QStringLiteral(": about 11 s (137 steps/s, measured)"));
    spec.training.steps = 150'000;
    panel.showDraft(spec, {});
    QCOMPARE(line->text(), formatInteger(150'000) +
                               QStringLiteral(" steps: about 18 min 17 s (137 steps/s, measured)"));
    panel.setSpeed({TrainingSpeed::State::Failed, 0, QStringLiteral("No memory.")});
    QCOMPARE(line->text(),
             formatInteger(150'000) + QStringLiteral(" steps, time not known: No memory."));
    panel.showRun(spec, QStringLiteral("Settings of run 7"), true);
    QVERIFY(line->isHidden());
  }

  void parametersByPartStandUnderTheirSum() {
    ExperimentPanel panel;
    panel.showDraft(core::preset("demo"), {});
    ExperimentChecks checks;
    checks.parameters = 30;
    checks.parts = {{core::ModelPart::Embedding, 10}, {core::ModelPart::Query, 20}};
    checks.flop_per_step = 446'545'920;
    panel.setChecks(checks);
    QStringList facts;
    for (const FactRows* rows : panel.findChildren<FactRows*>()) {
      for (const auto& [name, value] : rows->facts())
        facts.append(name.trimmed() + '=' + value);
    }
    const auto first = facts.indexOf(QStringLiteral("Parameters=30"));
    QVERIFY(first >= 0);
    QCOMPARE(facts[first + 1], QStringLiteral("Embedding=10"));
    QCOMPARE(facts[first + 2], QStringLiteral("Attention, query=20"));
    QVERIFY(facts.contains(QStringLiteral("Operations a step=447") + kThinSpace + "MFLOP"));
  }

  void galleryAndComparisonAreAskedFor() {
    ExperimentPanel panel;
    panel.showDraft(core::preset("composite"), {});
    QSignalSpy gallery(&panel, &ExperimentPanel::galleryRequested);
    QSignalSpy chosen(&panel, &ExperimentPanel::presetChosen);
    QComboBox* presets = nullptr;
    for (QComboBox* box : panel.findChildren<QComboBox*>()) {
      if (box->accessibleName() == QStringLiteral("Preset"))
        presets = box;
    }
    presets->setFocus();
    QTest::keyClick(presets, Qt::Key_End);
    QCOMPARE(gallery.count(), 1);
    QCOMPARE(chosen.count(), 0);
    QCOMPARE(presets->currentText(), QStringLiteral("Composite"));  // still what it is
    QSignalSpy compare(&panel, &ExperimentPanel::compareRequested);
    for (QPushButton* button : panel.findChildren<QPushButton*>()) {
      if (button->text() == QStringLiteral("Compare…"))
        button->click();
    }
    QCOMPARE(compare.count(), 1);
  }
};

QTEST_MAIN(TestPanelExperiment)
#include "tst_panel_experiment.moc"
