// SPDX-License-Identifier: GPL-3.0-or-later
// Causal tests as people ask for them, over an engine without LibTorch: there every answer is right
// as long as head 0.0 works, and each way of changing it has a loss of its own.
#include "engine/session/causal_request.h"
#include "tests/session/session_fixture.h"
#include "tests/session/tiny_experiment.h"

#include <QTemporaryDir>
#include <QTest>

using namespace anchorlens;
using engine::CausalRecord;
using engine::CausalRequest;
using engine::CausalTest;
using engine::HeadMethod;
using engine::HeadRef;
using engine::RunSnapshot;

namespace {

using Words = std::vector<std::string>;

CausalRequest ofHeads(Words words) {
  CausalRequest request;
  request.ablate = std::move(words);
  return request;
}

CausalRequest ofEdges(Words words) {
  CausalRequest request;
  request.cut = std::move(words);
  return request;
}

}  // namespace

class TestCausalRequest : public QObject {
  Q_OBJECT

 private slots:
  void initTestCase() {
    m_run = m_folder.filePath("run").toStdString();
    m_fake.behaviour.shift = [](std::int64_t step) { return step >= 30 ? 0.95 : 0.0; };
    auto session = engine::RunSession::create(tests::tinyExperiment(), m_run, tests::with(m_fake));
    QVERIFY(session);
    (*session)->advance(tests::kLong, tests::kAll);
    session->reset();
    m_snapshot = tests::mustBe(RunSnapshot::open(m_run, 40, &m_fake));
  }

  void optionsThatDoNotGoTogether() {
    QVERIFY(engine::wrongUse({}).find("expected one of --ablate") != std::string::npos);
    auto both = ofHeads({"0.0"});
    both.cut = {"0:key>anchor"};
    QVERIFY(engine::wrongUse(both).find("expected one of --ablate") != std::string::npos);
    auto from = ofHeads({"0.0"});
    from.from_step = 3;
    QCOMPARE(engine::wrongUse(from), std::string("--from-step belongs to --patch"));
    auto mean = ofEdges({"0:key>anchor"});
    mean.mean = true;
    QVERIFY(engine::wrongUse(mean).find("--mean belongs to") == 0);
    auto scaled = ofHeads({"0.0"});
    scaled.renormalise = true;
    QCOMPARE(engine::wrongUse(scaled), std::string("--renormalise belongs to --cut"));
    QCOMPARE(engine::wrongUse(ofHeads({"0.0"})), std::string());
  }

  void theWordsOfTheCommand() {
    auto request = ofHeads({"0.0", "1.0"});
    request.mean = true;
    QCOMPARE(engine::interveneWords(request), (Words{"--ablate", "0.0,1.0", "--mean"}));
    request = ofEdges({"0:key>anchor", "1.0:reader>key"});
    request.renormalise = true;
    request.sequences = "test";
    request.seed = 7;
    request.draws = 2;
    QCOMPARE(engine::interveneWords(request),
             (Words{"--cut", "0:key>anchor", "--cut", "1.0:reader>key", "--renormalise", "--on",
                    "test", "--seed", "7", "--draws", "2"}));
    request = {};
    request.patch = {"1.0"};
    request.from_step = 20;
    QCOMPARE(engine::interveneWords(request), (Words{"--patch", "1.0", "--from-step", "20"}));
    request = {};
    request.ablate_label = "broadcast";
    QCOMPARE(engine::interveneWords(request), (Words{"--ablate-label", "broadcast"}));
    request = {};
    request.test_all = true;
    QCOMPARE(engine::interveneWords(request), Words{"--test-all-heads"});
  }

  void headsByName() {
    const auto& model = m_snapshot->spec().model;
    QCOMPARE(*engine::headsOf({"1.0", "0.0", "1.0"}, model),
             (std::vector<HeadRef>{{0, 0}, {1, 0}}));
    for (const char* word : {"2.0", "0.1", "0", "a", "0.0x", "-1.0"}) {
      const auto heads = engine::headsOf({"0.0", word}, model);
      QVERIFY(!heads);
      QCOMPARE(heads.error(), "\"" + std::string(word) +
                                  "\": expected LAYER.HEAD with layers 0 to 1 and heads 0 to 0, "
                                  "such as 1.0");
    }
  }

  void eachWayHasItsNumbers() {
    CausalRequest request = ofHeads({"0.0"});
    QCOMPARE(loss(request), 4.0);
    request.mean = true;
    QCOMPARE(loss(request), 3.0);
    request = {};
    request.patch = {"0.0"};
    QCOMPARE(loss(request), 2.5);
    QCOMPARE(m_last.method, HeadMethod::OtherSequence);
    request.from_step = 20;
    QCOMPARE(loss(request), 2.5);
    QCOMPARE(m_last.method, HeadMethod::OtherStep);
    QCOMPARE(m_last.from_step, std::optional<std::int64_t>(20));
    request = ofEdges({"0:reader>key"});
    QCOMPARE(loss(request), 2.0);
    request.renormalise = true;
    QCOMPARE(loss(request), 1.5);
    QCOMPARE(m_last.edges, Words{"0:reader>key"});
    request = {};
    request.ablate_label = "shift";
    QCOMPARE(loss(request), 4.0);
    QCOMPARE(m_last.name, std::string("all shift"));
    QCOMPARE(m_last.heads, (std::vector<HeadRef>{{0, 0}}));
  }

  void onOtherSequencesWithSeedAndDraws() {
    CausalRequest request = ofHeads({"1.0"});
    request.sequences = "test";
    request.seed = 9;
    request.draws = 3;
    const auto tests = engine::testsOf(request, *m_snapshot, opener());
    QVERIFY(tests);
    QCOMPARE(tests->front().seed, std::uint64_t{9});
    QCOMPARE(tests->front().draws, 3);
    const auto series =
        engine::runTests(*tests, request.sequences, *m_snapshot, [](const auto&) { return true; });
    QVERIFY(!series.error);
    QCOMPARE(series.records.front().sequences, std::string("test"));
    QCOMPARE(series.records.front().result.all.n,
             static_cast<std::int64_t>(m_snapshot->test().size()));
  }

  void whatCannotBeTested() {
    CausalRequest label;
    label.ablate_label = "broadcast";
    QVERIFY(why(label).find("no head is labelled broadcast at step 40") != std::string::npos);
    QVERIFY(why(ofHeads({"5.0"})).find("expected LAYER.HEAD") != std::string::npos);
    QVERIFY(why(ofEdges({"0:kex>key"})).find("is no place of this task") != std::string::npos);
    QVERIFY(why(ofEdges({"0.0:2>5"})).find("names no edge") != std::string::npos);
    CausalRequest patch;
    patch.patch = {"0.0"};
    patch.from_step = 33;
    // Where a replay would take too long, another step is opened.
    const auto tests = engine::testsOf(
        patch, *m_snapshot, [this](std::int64_t) { return RunSnapshot::open(m_run, 20, &m_fake); });
    QVERIFY(!tests);
    const std::string& message = tests.error().message;
    QVERIFY2(message.find("step 33 has no checkpoint and is too far") == 0 &&
                 message.find("is 20") != std::string::npos,
             message.c_str());
    QVERIFY(tests.error().cause == engine::EngineError::Cause::Other);
  }

  /// Nothing is wrong with what was asked: commands end with another code.
  void wantOfMemoryIsToldApart() {
    CausalRequest all;
    all.test_all = true;
    CausalRequest label;
    label.ablate_label = "shift";
    CausalRequest patch;
    patch.patch = {"0.0"};
    patch.from_step = 20;
    for (const CausalRequest& request : {all, label, patch}) {
      m_fake.behaviour.no_memory_to_look = true;
      const auto tests = engine::testsOf(request, *m_snapshot, opener());
      m_fake.behaviour.no_memory_to_look = false;
      QVERIFY(!tests);
      QCOMPARE(tests.error().message, std::string("There is not enough memory for this."));
      QVERIFY(tests.error().cause == engine::EngineError::Cause::Memory);
      QVERIFY(engine::testsOf(request, *m_snapshot, opener()));
    }
  }

  void aSeriesIsEndedByWhoIsTold() {
    CausalRequest request;
    request.test_all = true;
    const auto tests = engine::testsOf(request, *m_snapshot, opener());
    QVERIFY(tests);
    QCOMPARE(tests->size(), std::size_t{3});  // two heads, all shift
    std::vector<std::size_t> told;
    const auto series =
        engine::runTests(*tests, "probe", *m_snapshot, [&](const std::vector<CausalRecord>& done) {
          told.push_back(done.size());
          return done.size() < 2;
        });
    QVERIFY(!series.error);
    QCOMPARE(series.records.size(), std::size_t{2});
    QCOMPARE(told, (std::vector<std::size_t>{1, 2}));
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = engine::runTests(
        *tests, "probe", *m_snapshot, [](const auto&) { return true; }, stop.get_token());
    QVERIFY(!stopped.error && stopped.records.empty());
  }

  void aSeriesThatFailsHasWhatWasMadeBefore() {
    CausalRequest request;
    request.test_all = true;
    const auto tests = engine::testsOf(request, *m_snapshot, opener());
    QVERIFY(tests);
    const auto series = engine::runTests(*tests, "probe", *m_snapshot, [&](const auto& done) {
      m_fake.behaviour.no_memory_to_look = done.size() == 2;
      return true;
    });
    m_fake.behaviour.no_memory_to_look = false;
    QVERIFY(series.error);
    QCOMPARE(series.error->message, std::string("There is not enough memory for this."));
    QVERIFY(series.error->cause == engine::EngineError::Cause::Memory);
    QCOMPARE(series.records.size(), std::size_t{2});
    QCOMPARE(series.records[0].result.name, std::string("0.0"));
    QCOMPARE(series.records[1].result.name, std::string("1.0"));
  }

 private:
  engine::StepOpener opener() {
    return [this](std::int64_t step) { return RunSnapshot::open(m_run, step, &m_fake); };
  }
  double loss(const CausalRequest& request) {
    const auto tests = engine::testsOf(request, *m_snapshot, opener());
    if (!tests) {
      qWarning("%s", tests.error().message.c_str());
      return -1;
    }
    const auto series =
        engine::runTests(*tests, request.sequences, *m_snapshot, [](const auto&) { return true; });
    if (series.error) {
      qWarning("%s", series.error->message.c_str());
      return -1;
    }
    m_last = series.records.front().result;
    return m_last.all.intervened.loss;
  }
  std::string why(const CausalRequest& request) {
    const auto tests = engine::testsOf(request, *m_snapshot, opener());
    return tests ? std::string() : tests.error().message;
  }

  QTemporaryDir m_folder;
  std::filesystem::path m_run;
  tests::FakeEngine m_fake;
  std::unique_ptr<RunSnapshot> m_snapshot;
  engine::CausalResult m_last;
};

QTEST_GUILESS_MAIN(TestCausalRequest)
#include "tst_causal_request.moc"
