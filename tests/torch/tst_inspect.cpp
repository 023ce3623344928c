// SPDX-License-Identifier: GPL-3.0-or-later
// Looking into a model and changing what it computes: Trainer::inspect, for every kind of model.
#include "engine/inspect.h"
#include "engine/session/edges.h"
#include "engine/session/patches.h"
#include "engine/torch/module.h"
#include "engine/torch/torch_trainer.h"
#include "tests/support/engine_fixtures.h"
#include "tests/torch/head_by_hand.h"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace anchorlens;
using engine::HeadRef;
using engine::InspectOutput;
using engine::InspectRequest;

namespace {

std::unique_ptr<engine::TorchTrainer> trainerOf(const core::ExperimentSpec& spec) {
  engine::torchModule();
  return std::make_unique<engine::TorchTrainer>(test::inputOf(spec), at::Device("cpu"));
}

core::SequenceSet probeOf(const core::ExperimentSpec& spec, std::size_t n) {
  core::Random random(3);
  return test::compiled(spec.task).draw(core::Split::Test, n, random);
}

InspectOutput mustInspect(engine::Trainer& trainer, const core::SequenceSet& set,
                          const InspectRequest& request) {
  auto output = trainer.inspect(set, request);
  if (!output) {
    qFatal("%s", output.error().message.c_str());
  }
  return std::move(*output);
}

std::string whyNot(engine::Trainer& trainer, const core::SequenceSet& set,
                   const InspectRequest& request) {
  const auto output = trainer.inspect(set, request);
  return output ? "it worked" : output.error().message;
}

double gap(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size() || a.empty()) {
    return INFINITY;
  }
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  return largest;
}

std::vector<HeadRef> allHeads(const core::ModelSpec& model) {
  std::vector<HeadRef> heads;
  for (int layer = 0; layer < model.n_layers; ++layer) {
    for (int head = 0; head < model.n_heads; ++head) {
      heads.push_back({layer, head});
    }
  }
  return heads;
}

/// Every edge of these heads that the mask allows.
std::vector<engine::EdgeRef> everyEdge(const std::vector<HeadRef>& heads,
                                       const core::SequenceSet& set, const core::ModelSpec& model) {
  std::vector<engine::EdgeSelection> selections;
  for (const HeadRef& head : heads) {
    engine::EdgeSelection all;
    all.layer = head.layer;
    all.head = head.head;
    all.query.all = true;
    all.key.all = true;
    selections.push_back(all);
  }
  return engine::edgesOf(selections, set, model);
}

using Change = std::function<void(core::ExperimentSpec&)>;
struct Variant {
  const char* name;
  Change change;
};
const std::vector<Variant> kVariants{
    {"post-LN", [](auto& /*spec*/) {}},
    {"pre-LN", [](auto& spec) { spec.model.norm = core::ModelSpec::Norm::Pre; }},
    {"no norm", [](auto& spec) { spec.model.norm = core::ModelSpec::Norm::None; }},
    {"no residual", [](auto& spec) { spec.model.residual = false; }},
    {"no MLP", [](auto& spec) { spec.model.mlp = false; }},
    {"no output projection",
     [](auto& spec) {
       spec.model.attention_output = false;
       spec.model.d_head = spec.model.d_model / spec.model.n_heads;
     }},
    {"values shifted", [](auto& spec) { spec.model.shift_values_by = 1; }},
    {"values shifted back, two lengths",
     [](auto& spec) {
       spec.model.shift_values_by = -1;
       spec.task.seq_len = {6, 9};
     }},
    {"biases, full mask, no positions",
     [](auto& spec) {
       spec.model.attention_biases = true;
       spec.model.mask = core::ModelSpec::Mask::None;
       spec.model.positions = core::ModelSpec::Positions::None;
     }},
    {"two lengths",
     [](auto& spec) {
       spec.task.seq_len = {6, 9};
     }},
};

}  // namespace

class TestInspect : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutAChangeItIsForward_data() { addVariants(); }
  void withoutAChangeItIsForward() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 600);  // more than a chunk
    InspectRequest request;
    request.want_patterns = true;
    const InspectOutput seen = mustInspect(*trainer, set, request);
    const auto expected = trainer->forward(set, true);
    const auto logits = trainer->logits(set);
    QVERIFY(expected && logits);
    QVERIFY(gap(seen.logits, *logits) < 1e-5);
    QVERIFY(gap(seen.patterns.pattern, expected->patterns.pattern) < 1e-6);
    QVERIFY(gap(seen.losses, expected->losses) < 1e-5);
    QCOMPARE(seen.correct, expected->correct);
    for (std::size_t i = 0; i < set.size(); ++i) {
      QCOMPARE(seen.predictions[i].tokens[0], expected->predictions[i].tokens[0]);
      const float* row = seen.logits.data() + i * static_cast<std::size_t>(seen.d_vocab);
      const float right = row[set.targets[i]];
      float other = -INFINITY;
      for (int token = 0; token < seen.d_vocab; ++token) {
        other = token == set.targets[i] ? other : std::max(other, row[token]);
      }
      QCOMPARE(seen.logit_differences[i], right - other);
    }
  }

  void noHeadsIsNoOutputProjection_data() { addVariants(); }
  void noHeadsIsNoOutputProjection() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    InspectRequest request;
    request.zeroed = allHeads(spec.model);
    const auto before = mustInspect(*trainer, set, {}).logits;
    const auto ablated = mustInspect(*trainer, set, request).logits;
    QVERIFY(gap(ablated, before) > 1e-3);
    // Without an output projection the heads' values are the only way out.
    const std::string part = spec.model.attention_output ? ".attn.o.weight" : ".attn.v.weight";
    for (int layer = 0; layer < spec.model.n_layers; ++layer) {
      const at::NoGradGuard no_grad;
      trainer->parameters()["layers." + std::to_string(layer) + part].zero_();
    }
    QVERIFY(gap(*trainer->logits(set), ablated) < 1e-5);
  }

  void cuttingEveryEdgeIsAblating_data() { addVariants(); }
  void cuttingEveryEdgeIsAblating() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    for (const HeadRef& head : allHeads(spec.model)) {
      InspectRequest ablate;
      ablate.zeroed = {head};
      InspectRequest cut;
      cut.edges = everyEdge({head}, set, spec.model);
      const auto ablated = mustInspect(*trainer, set, ablate).logits;
      QVERIFY(gap(mustInspect(*trainer, set, cut).logits, ablated) < 1e-6);
      QVERIFY(gap(ablated, *trainer->logits(set)) > 1e-4);
    }
  }

  void keepingEveryEdgeChangesNothing_data() { addVariants(); }
  void keepingEveryEdgeChangesNothing() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    InspectRequest keep;
    keep.keep_only_edges = true;
    InspectRequest ablate;
    ablate.zeroed = allHeads(spec.model);
    QVERIFY(gap(mustInspect(*trainer, set, keep).logits,
                mustInspect(*trainer, set, ablate).logits) < 1e-6);
    keep.edges = everyEdge(allHeads(spec.model), set, spec.model);
    QCOMPARE(mustInspect(*trainer, set, keep).logits, mustInspect(*trainer, set, {}).logits);
  }

  void itsOwnOutputIsNoPatch_data() { addVariants(); }
  void itsOwnOutputIsNoPatch() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    InspectRequest capture;
    capture.want_head_outputs = true;
    capture.want_residual = true;
    const InspectOutput seen = mustInspect(*trainer, set, capture);
    InspectRequest patch;
    for (const HeadRef& head : allHeads(spec.model)) {
      patch.patches.push_back(headPatch(seen, head, engine::sameRows(set.size())));
    }
    for (int boundary = 0; boundary <= spec.model.n_layers; ++boundary) {
      patch.patches.push_back(residualPatch(seen, boundary, engine::sameRows(set.size())));
    }
    QCOMPARE(mustInspect(*trainer, set, patch).logits, seen.logits);
  }

  void anothersStreamIsTheOther_data() { addVariants(); }
  void anothersStreamIsTheOther() {
    core::ExperimentSpec spec = variant();
    spec.task.seq_len = {9};  // so that all readers stand at one position
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 30);
    InspectRequest capture;
    capture.want_residual = true;
    const InspectOutput seen = mustInspect(*trainer, set, capture);
    std::vector<std::size_t> rows = engine::sameRows(set.size());
    std::reverse(rows.begin(), rows.end());
    for (int boundary = 0; boundary <= spec.model.n_layers; ++boundary) {
      InspectRequest request;
      request.patches.push_back(residualPatch(seen, boundary, rows));
      const auto logits = mustInspect(*trainer, set, request).logits;
      const auto V = static_cast<std::size_t>(seen.d_vocab);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        QVERIFY(std::equal(logits.begin() + static_cast<std::ptrdiff_t>(i * V),
                           logits.begin() + static_cast<std::ptrdiff_t>((i + 1) * V),
                           seen.logits.begin() + static_cast<std::ptrdiff_t>(rows[i] * V),
                           [](float a, float b) { return std::abs(a - b) < 1e-5F; }));
      }
      // At the reader alone: after the last layer it is enough, before it is not.
      request.patches.front().position = 8;
      const bool is_last = boundary == spec.model.n_layers;
      const auto at_reader = mustInspect(*trainer, set, request).logits;
      QCOMPARE(gap(at_reader, logits) < 1e-5, is_last);
    }
  }

  void theMeanIsThatOfTheSet_data() { addVariants(); }
  void theMeanIsThatOfTheSet() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    const auto others = std::make_shared<const core::SequenceSet>(probeOf(spec, 90));
    InspectRequest capture;
    capture.want_head_outputs = true;
    for (const bool is_own : {true, false}) {
      const core::SequenceSet& reference = is_own ? set : *others;
      const InspectOutput seen = mustInspect(*trainer, reference, capture);
      InspectRequest mean;
      InspectRequest patch;
      for (const HeadRef& head : {HeadRef{0, 1}, HeadRef{1, 0}}) {
        mean.averaged.push_back(head);
        patch.patches.push_back(test::meanPatch(seen, reference, head, set.size()));
      }
      mean.reference = is_own ? nullptr : others;
      QVERIFY(gap(mustInspect(*trainer, set, mean).logits,
                  mustInspect(*trainer, set, patch).logits) < 1e-5);
    }
  }

  void lensOfTheLastLayerIsTheAnswer_data() { addVariants(); }
  void lensOfTheLastLayerIsTheAnswer() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 40);
    InspectRequest request;
    request.want_lens = true;
    const InspectOutput seen = mustInspect(*trainer, set, request);
    const auto T = static_cast<std::size_t>(set.seq_len);
    const auto boundaries = static_cast<std::size_t>(spec.model.n_layers) + 1;
    QCOMPARE(seen.lens.size(), set.size() * boundaries * T);
    for (std::size_t i = 0; i < set.size(); ++i) {
      const auto reader = static_cast<std::size_t>(set.lengths[i]) - 1;
      const auto& last = seen.lens[(i * boundaries + boundaries - 1) * T + reader];
      QCOMPARE(last.tokens, seen.predictions[i].tokens);
      double sum = 0;
      const float* row = seen.logits.data() + i * static_cast<std::size_t>(seen.d_vocab);
      for (int token = 0; token < seen.d_vocab; ++token) {
        sum += std::exp(static_cast<double>(row[token]));
      }
      for (std::size_t k = 0; k < 5; ++k) {
        const double p = std::exp(static_cast<double>(row[last.tokens[k]])) / sum;
        QVERIFY(std::abs(p - static_cast<double>(last.p[k])) < 1e-5);
      }
    }
  }

  /// Everything that a head does, by plain loops over what was kept of it.
  void whatAHeadDoesByHand_data() { addVariants(); }
  void whatAHeadDoesByHand() {
    const core::ExperimentSpec spec = variant();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 12);
    InspectRequest request;
    request.want_patterns = true;
    request.want_scores = true;
    request.want_weighted = true;
    request.want_head_outputs = true;
    request.want_residual = true;
    request.want_residual_norms = true;
    const InspectOutput seen = mustInspect(*trainer, set, request);
    for (std::size_t i = 0; i < set.size(); ++i) {
      for (const HeadRef& head : allHeads(spec.model)) {
        test::checkHead(*trainer, spec.model, set, seen, i, head);
      }
    }
    const auto D = static_cast<std::size_t>(seen.d_model);
    for (std::size_t row = 0; row < seen.residual_norms.size(); ++row) {
      double square = 0;
      for (std::size_t d = 0; d < D; ++d) {
        square += std::pow(static_cast<double>(seen.residual[row * D + d]), 2);
      }
      QVERIFY(std::abs(std::sqrt(square) - static_cast<double>(seen.residual_norms[row])) < 1e-4);
    }
  }

  void aCutEdgeTakesItsValueAway() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 20);
    const core::Task task = test::compiled(spec.task);
    const auto edge = engine::EdgeSelection::parse("0.1:key>anchor", task, spec.model);
    QVERIFY(edge);
    InspectRequest request;
    request.want_patterns = true;
    const InspectOutput before = mustInspect(*trainer, set, request);
    request.edges = engine::edgesOf({*edge}, set, spec.model);
    QCOMPARE(request.edges.size(), set.size());  // one anchor and one key each
    const InspectOutput after = mustInspect(*trainer, set, request);
    request.renormalise = true;
    const InspectOutput scaled = mustInspect(*trainer, set, request);
    const auto T = static_cast<std::size_t>(set.seq_len);
    for (const engine::EdgeRef& cut : request.edges) {
      const auto roles = set.rolesOf(cut.sequence);
      QVERIFY(task.roles()[roles[cut.query]].kind == core::RoleInfo::Kind::Key);
      QVERIFY(task.roles()[roles[cut.key]].kind == core::RoleInfo::Kind::Anchor);
      const auto was = before.patterns.of(cut.sequence, 0, 1);
      const auto is = after.patterns.of(cut.sequence, 0, 1);
      const auto renewed = scaled.patterns.of(cut.sequence, 0, 1);
      const float taken = was[cut.query * T + cut.key];
      for (std::size_t cell = 0; cell < T * T; ++cell) {
        const bool is_cut = cell == cut.query * T + cut.key;
        QCOMPARE(is[cell], is_cut ? 0.0F : was[cell]);
        const float by = cell / T == cut.query ? 1 - taken : 1.0F;
        QVERIFY(std::abs(renewed[cell] * by - is[cell]) < 1e-6F);
      }
      QCOMPARE(after.patterns.of(cut.sequence, 0, 0)[5], before.patterns.of(cut.sequence, 0, 0)[5]);
    }
    QVERIFY(gap(after.logits, before.logits) > 1e-5);
  }

  void placesOfEdges() {
    const core::ExperimentSpec spec = test::tinyExperiment();
    const core::Task task = test::compiled(spec.task);
    const auto set = probeOf(spec, 30);
    const auto count = [&](const char* text) -> std::size_t {
      const auto edge = engine::EdgeSelection::parse(text, task, spec.model);
      return edge ? engine::edgesOf({*edge}, set, spec.model).size() / set.size() : 0;
    };
    QCOMPARE(count("0:key>anchor"), std::size_t{2});  // a head each
    QCOMPARE(count("1.0:reader>key:x"), std::size_t{1});
    QCOMPARE(count("0.0:8>*"), std::size_t{9});
    QCOMPARE(count("0.0:*>*"), std::size_t{45});
    QCOMPARE(count("0.0:3>4"), std::size_t{0});  // later than the reader
    const auto message = [&](const char* text) {
      const auto edge = engine::EdgeSelection::parse(text, task, spec.model);
      return edge ? std::string("fine") : edge.error();
    };
    QCOMPARE(
        message("0.0:kex>anchor"),
        std::string("\"kex\" is no place of this task: expected reader, anchor, key, anchor:3, "
                    "key:x, a position from 0 to 8, *"));
    QCOMPARE(message("0.0:9>anchor").substr(0, 3), std::string("\"9\""));
    QCOMPARE(message("2.0:key>anchor"),
             std::string("\"2.0:key>anchor\": this model has layers 0 to "
                         "1 and heads 0 to 1"));
    for (const char* text : {"", "0.0", "0.0:key", "x.0:key>anchor", "0.x:key>anchor", "0.:key>key",
                             "-1.0:key>anchor", "0.0>key:anchor"}) {
      QVERIFY2(message(text).find("expected LAYER.HEAD:READER>SOURCE") != std::string::npos, text);
    }
  }

  void whatCannotBeDoneSaysWhy() {
    core::ExperimentSpec spec = test::tinyExperiment();
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 4);
    InspectRequest head;
    head.zeroed = {{2, 0}};
    QCOMPARE(whyNot(*trainer, set, head),
             std::string("There is no head 2.0: layers are 0 to 1, heads 0 to 1."));
    InspectRequest edge;
    edge.edges = {{0, 0, 0, 9, 0}};
    QCOMPARE(whyNot(*trainer, set, edge),
             std::string("There is no edge 9>0 in sequence 0: positions are 0 to 8, sequences 0 to "
                         "3."));
    InspectRequest patch;
    patch.patches.push_back({0, 0, std::nullopt, std::make_shared<std::vector<float>>(7)});
    QCOMPARE(whyNot(*trainer, set, patch),
             std::string("A patch has 7 values: expected 288 (4 sequences, 9 positions, 8 each)."));
    patch.patches.front() = {3, std::nullopt, std::nullopt, nullptr};
    QCOMPARE(whyNot(*trainer, set, patch),
             std::string("There is no boundary 3 of the residual stream: they are 0 to 2."));
  }

  void modelsWithoutHeads_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("LSTM") << static_cast<int>(core::ModelSpec::Kind::Lstm);
    QTest::newRow("MLP") << static_cast<int>(core::ModelSpec::Kind::Mlp);
  }
  void modelsWithoutHeads() {
    QFETCH(int, kind);
    core::ExperimentSpec spec = test::tinyExperiment();
    spec.model.kind = static_cast<core::ModelSpec::Kind>(kind);
    const auto trainer = trainerOf(spec);
    const auto set = probeOf(spec, 600);
    const InspectOutput output = mustInspect(*trainer, set, {});
    QCOMPARE(output.logits, *trainer->logits(set));
    QCOMPARE(output.d_vocab, spec.task.d_vocab);
    InspectRequest request;
    request.zeroed = {{0, 0}};
    const std::string message = whyNot(*trainer, set, request);
    QVERIFY2(message.find(QTest::currentDataTag()) != std::string::npos &&
                 message.find("has no attention heads") != std::string::npos,
             message.c_str());
    InspectRequest lens;
    lens.want_lens = true;
    QCOMPARE(whyNot(*trainer, set, lens), message);
  }

 private:
  static void addVariants() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < kVariants.size(); ++i) {
      QTest::newRow(kVariants[i].name) << static_cast<int>(i);
    }
  }
  static core::ExperimentSpec variant() {
    QFETCH(int, index);
    core::ExperimentSpec spec = test::tinyExperiment();
    kVariants[static_cast<std::size_t>(index)].change(spec);
    return spec;
  }
};

QTEST_GUILESS_MAIN(TestInspect)
#include "tst_inspect.moc"
