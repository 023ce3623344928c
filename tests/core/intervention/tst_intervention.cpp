// SPDX-License-Identifier: GPL-3.0-or-later
// The words of changes, what they ask of an experiment, what holds when, and their file.
#include "engine/core/experiment_json.h"
#include "engine/core/intervention.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/intervention_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cerrno>
#include <fstream>

using namespace anchorlens;
using core::Intervention;

namespace {

Intervention changeOf(const char* text, std::int64_t step = 0) {
  auto change = core::parseIntervention(text);
  if (!change) {
    qFatal("%s", change.error().c_str());
  }
  change->step = step;
  return *change;
}

/// Two layers of two heads, two forms.
core::ExperimentSpec experiment() {
  core::ExperimentSpec spec = core::preset("demo");
  spec.model.n_heads = 2;
  spec.task.forms = {{"* 3 x * -> x", 1.0, {}, {}}, {"* 4 x * -> x+1", 1.0, {}, {}}};
  return spec;
}

QString joined(const std::vector<std::string>& phrases) {
  QStringList list;
  for (const std::string& phrase : phrases) {
    list.append(QString::fromStdString(phrase));
  }
  return list.join("; ");
}

}  // namespace

class TestIntervention : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void textAndSentence_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char* text, const char* sentence) {
      QTest::newRow(text) << text << sentence;
    };
    row("freeze 0.1", "L0 H1 frozen");
    row("ablate 1.0", "L1 H0 ablated");
    row("clamp 0.0", "L0 H0 clamped to its mean pattern");
    row("mlp 1 off", "MLP of layer 1 switched off");
    row("mlp 1 on", "MLP of layer 1 switched on");
    row("attention 0 off", "Attention of layer 0 switched off");
    row("lr 1e-4", "Learning rate set to 1e-4");
    row("lr 0.25", "Learning rate set to 0.25");
    row("lr x1e-12", "Learning rate multiplied by 1e-12");
    row("lr x0.5", "Learning rate halved");
    row("lr x2", "Learning rate doubled");
    row("lr x0.1", "Learning rate multiplied by 0.1");
    row("weight_decay 0.1", "Weight decay set to 0.1");
    row("weight_decay x0.5", "Weight decay halved");
    row("mixture 1,3", "Mixture set to 1 : 3");
    row("release 1.0", "L1 H0 released");
    row("release lr", "Learning rate back on its schedule");
    row("release weight_decay", "Weight decay back to the experiment's");
    row("release mixture", "Mixture back to the experiment's");
  }
  void textAndSentence() {
    QFETCH(QString, text);
    QFETCH(QString, sentence);
    const Intervention change = changeOf(text.toUtf8().constData());
    QCOMPARE(QString::fromStdString(core::interventionText(change)), text);
    QCOMPARE(QString::fromStdString(core::interventionSentence(change)), sentence);
  }

  void textIsReadStrictly_data() {
    QTest::addColumn<QString>("error");
    const auto row = [](const char* text, const char* error) { QTest::newRow(text) << error; };
    row("", "is no change");
    row("ablat 1.0", "is no change");
    row("ablate", "is no change");
    row("ablate 1.0 now", "is no change");
    row("ablate 1", "a head such as 1.0 (layer 1, head 0), got \"1\"");
    row("ablate 1.0x", "got \"1.0x\"");
    row("freeze -1.0", "got \"-1.0\"");
    row("mlp 1", "a layer and off or on, such as \"mlp 1 off\"");
    row("mlp one off", "a layer and off or on");
    row("attention 1 of", "such as \"attention 1 off\"");
    row("lr", "is no change");
    row("lr fast", "a number such as 1e-4, or a factor such as x0.5, got \"fast\"");
    row("lr 1e999", "got \"1e999\"");
    row("lr nan", "got \"nan\"");
    row("mixture 1,", "weights such as 1,3, got \"1,\"");
    row("mixture 1;3", "got \"1;3\"");
    row("release everything", "a head such as 1.0, lr, weight_decay or mixture");
  }
  void textIsReadStrictly() {
    QFETCH(QString, error);
    const auto change = core::parseIntervention(QTest::currentDataTag());
    QVERIFY(!change);
    QVERIFY2(QString::fromStdString(change.error()).contains(error), change.error().c_str());
  }

  void aStepStandsBeforeAColon() {
    const auto later = core::parseInterventionAt(" 5000 : ablate 1.0");
    QVERIFY(later);
    QCOMPARE(later->step, std::int64_t{5000});
    QCOMPARE(core::interventionText(*later), std::string("ablate 1.0"));
    const auto now = core::parseInterventionAt("lr x0.5");
    QVERIFY(now);
    QCOMPARE(now->step, core::kNow);
    for (const char* text : {"x: lr 1", "-1: lr 1", ": lr 1", "5 000: lr 1", "5000: fast"}) {
      QVERIFY2(!core::parseInterventionAt(text), text);
    }
  }

  void whatDoesNotFitIsSaidExactly_data() {
    QTest::addColumn<QString>("error");
    const auto row = [](const char* text, const char* error) { QTest::newRow(text) << error; };
    row("ablate 1.1", "");
    row("ablate 2.0", "There is no head 2.0: layers are 0 to 1, heads 0 to 1.");
    row("release 0.2", "There is no head 0.2: layers are 0 to 1, heads 0 to 1.");
    row("mlp 2 off", "There is no layer 2: the model has layers 0 to 1.");
    row("attention 1 off", "");
    row("lr -1", "The learning rate is a number from 0 to 1000, got -1.");
    row("lr x2000", "The learning rate is multiplied by a number from 0 to 1000, got 2000.");
    row("weight_decay 1001", "Weight decay is a number from 0 to 1000, got 1001.");
    row("mixture 1,3", "");
    row("mixture 1,0", "");
    row("mixture 1", "The task has 2 forms: expected 2 weights, got 1.");
    row("mixture 1,-1", "A weight is a number from 0, got -1.");
    row("mixture 0,0", "All weights are 0: some form must be left to train on.");
  }
  void whatDoesNotFitIsSaidExactly() {
    QFETCH(QString, error);
    const auto why = core::whyNotPossible(changeOf(QTest::currentDataTag()), experiment());
    QCOMPARE(QString::fromStdString(why.value_or("")), error);
  }

  void otherModelsTakeLess() {
    core::ExperimentSpec spec = experiment();
    spec.model.mlp = false;
    QCOMPARE(core::whyNotPossible(changeOf("mlp 0 off"), spec).value(),
             std::string("The model has no MLP."));
    spec.model.mask = core::ModelSpec::Mask::None;
    QVERIFY(!core::whyNotPossible(changeOf("clamp 0.0"), spec));
    spec.task.seq_len = {7, 9};
    QVERIFY(core::whyNotPossible(changeOf("clamp 0.0"), spec));
    spec.task.forms.pop_back();
    QVERIFY(core::whyNotPossible(changeOf("mixture 1"), spec)->find("one form") !=
            std::string::npos);
    spec.model.kind = core::ModelSpec::Kind::Lstm;
    for (const char* text : {"ablate 0.0", "release 0.0", "mlp 0 off"}) {
      QVERIFY2(core::whyNotPossible(changeOf(text), spec), text);
    }
    QVERIFY(!core::whyNotPossible(changeOf("lr x0.5"), spec));
    QVERIFY(!core::whyNotPossible(changeOf("release lr"), spec));
  }

  void aChangeHoldsAfterItsStep() {
    const std::vector<Intervention> history{changeOf("ablate 1.0", 10), changeOf("lr x0.5", 20),
                                            changeOf("lr x0.5", 20), changeOf("freeze 0.1", 20),
                                            changeOf("release 1.0", 30)};
    const auto phrases = [&](std::int64_t step) {
      return joined(core::inEffectPhrases(core::inEffect(history, step)));
    };
    QCOMPARE(phrases(10), QString());
    QCOMPARE(phrases(11), QString("L1 H0 ablated"));
    QCOMPARE(phrases(20), QString("L1 H0 ablated"));
    QCOMPARE(phrases(21), QString("L0 H1 frozen; L1 H0 ablated; learning rate ×0.25"));
    QCOMPARE(phrases(31), QString("L0 H1 frozen; learning rate ×0.25"));
    QVERIFY(core::inEffect(history, 11).changesModel());
    QVERIFY(!core::inEffect(history, 31).changesModel());
  }

  void numbersAndPartsFold() {
    core::InEffect now =
        core::inEffect({changeOf("lr 0.001"), changeOf("lr x0.5"), changeOf("mlp 1 off"),
                        changeOf("attention 0 off"), changeOf("mixture 1,3")},
                       1);
    QCOMPARE(now.learning_rate.of(7), 0.0005);
    QCOMPARE(joined(core::inEffectPhrases(now)),
             QString("Attention of layer 0 off; MLP of layer 1 off; learning rate 5e-4; "
                     "mixture 1 : 3"));
    now = core::inEffect(
        {changeOf("lr x0.5"), changeOf("lr 0.001"), changeOf("release lr"), changeOf("mlp 1 off"),
         changeOf("mlp 1 on"), changeOf("mixture 1,3"), changeOf("release mixture"),
         changeOf("clamp 0.0"), changeOf("freeze 0.0"), changeOf("release 0.0")},
        1);
    QVERIFY(now.isEmpty());
  }

  void whatHoldsAlreadyIsNoChange() {
    const core::InEffect now = core::inEffect({changeOf("ablate 1.0"), changeOf("lr 0.001"),
                                               changeOf("clamp 0.0"), changeOf("mlp 0 off")},
                                              1);
    for (const char* text : {"ablate 1.0", "lr 0.001", "clamp 0.0", "mlp 0 off", "mlp 1 on",
                             "release 0.1", "release mixture", "weight_decay x1"}) {
      QVERIFY2(core::whyNothingChanges(changeOf(text), now), text);
    }
    for (const char* text : {"freeze 1.0", "lr x0.5", "lr 0.002", "clamp 0.1", "mlp 0 on",
                             "release 1.0", "release lr", "mixture 1,1"}) {
      QVERIFY2(!core::whyNothingChanges(changeOf(text), now), text);
    }
    QCOMPARE(*core::whyNothingChanges(changeOf("ablate 1.0"), now),
             std::string("L1 H0 is ablated already."));
  }

  void theFileReadsBackToTheBit() {
    QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    QVERIFY(core::readInterventions(run)->empty());
    std::vector<Intervention> history{changeOf("lr x0.1", 3), changeOf("clamp 0.0", 7)};
    history[0].time = "2024-05-01T12:00:00Z";
    history[1].pattern = {1.0F, 0.0F, 1.0F / 3, 2.0F / 3};
    QVERIFY(core::writeInterventions(run, history));
    const auto back = core::readInterventions(run);
    QVERIFY2(back, back ? "" : back.error().text().c_str());
    QVERIFY(*back == history);
  }

  void theFileIsReadStrictly_data() {
    QTest::addColumn<QString>("list");
    QTest::addColumn<QString>("error");
    QTest::newRow("no json") << "["
                             << "This is no JSON.";
    QTest::newRow("field") << R"([{"step":1,"change":"lr 1","time":"","by":"me"}])"
                           << "/interventions/0: there is no field \"by\"";
    QTest::newRow("step") << R"([{"step":1.5,"change":"lr 1","time":""}])"
                          << "/interventions/0: \"step\": expected an integer from 0";
    QTest::newRow("no step") << R"([{"change":"lr 1","time":""}])"
                             << "\"step\"";
    QTest::newRow("change") << R"([{"step":1,"change":"lr","time":""}])"
                            << "is no change";
    QTest::newRow("time") << R"([{"step":1,"change":"lr 1"}])"
                          << "\"time\"";
    QTest::newRow("order")
        << R"([{"step":2,"change":"lr 1","time":""},{"step":1,"change":"lr 2","time":""}])"
        << "/interventions/1: its step is before that of the one above it.";
    QTest::newRow("pattern") << R"([{"step":1,"change":"clamp 0.0","time":"","pattern":[[1,0]]}])"
                             << "\"pattern\": expected rows";
    QTest::newRow("pattern of another")
        << R"([{"step":1,"change":"lr 1","time":"","pattern":[[1]]}])"
        << "belongs to a clamp";
    QTest::newRow("an object") << "{}"
                               << "\"interventions\": expected a list.";
  }
  void theFileIsReadStrictly() {
    QFETCH(QString, list);
    QFETCH(QString, error);
    const QString text =
        R"({"format":"anchorlens-interventions","format_version":1,"interventions":%1})";
    const auto read = core::parseInterventions(text.arg(list).toStdString());
    QVERIFY(!read);
    QVERIFY2(QString::fromStdString(read.error()).contains(error), read.error().c_str());
  }

  void aNewerFileAndAFaultAreNoSilence() {
    QVERIFY(!core::parseInterventions(
        R"({"format":"anchorlens-interventions","format_version":2,"interventions":[]})"));
    QTemporaryDir folder;
    const std::filesystem::path run = folder.path().toStdString();
    std::ofstream(run / core::kInterventionsName) << "half a fi";
    const auto read = core::readInterventions(run);
    QVERIFY(!read);
    QVERIFY(read.error().text().find("interventions.json") != std::string::npos);
    // What cannot be written leaves the old file.
    QVERIFY(core::writeInterventions(run, {changeOf("lr 1", 3)}));
    core::setWriteFault([](const std::filesystem::path&) { return ENOSPC; });
    const auto written = core::writeInterventions(run, {});
    core::setWriteFault(nullptr);
    QVERIFY(!written);
    QCOMPARE(core::readInterventions(run)->size(), std::size_t{1});
  }
};

QTEST_GUILESS_MAIN(TestIntervention)
#include "tst_intervention.moc"
