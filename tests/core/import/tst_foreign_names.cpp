// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/export_weights.h"
#include "engine/session/parameter_list.h"
#include "tests/core/import/pickle_builder.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace anchorlens;
using namespace anchorlens::core;

namespace {

ExperimentSpec smallSpec() {
  ExperimentSpec spec;
  spec.task.d_vocab = 11;
  spec.task.seq_len = {5};
  spec.model.n_layers = 2;
  spec.model.n_heads = 2;
  spec.model.d_model = 6;
  spec.model.d_head = 4;
  spec.model.d_mlp = 7;
  spec.model.n_ctx = 5;
  spec.model.norm = ModelSpec::Norm::Pre;
  spec.model.attention_biases = true;
  spec.model.mlp_biases = true;
  return spec;
}

std::vector<TensorShape> shapesOf(const ExperimentSpec& spec) {
  std::vector<TensorShape> shapes;
  for (const auto& info :
       engine::listParameters(spec.model, spec.task.d_vocab, spec.task.seq_len[0])) {
    shapes.push_back({info.name, DType::F32, info.shape});
  }
  return shapes;
}

/// Every number occurs once.
Checkpoint countedWeights(const ExperimentSpec& spec) {
  Checkpoint weights;
  float next = 1;
  for (const TensorShape& shape : shapesOf(spec)) {
    std::size_t count = 1;
    for (const std::int64_t size : shape.shape) {
      count *= static_cast<std::size_t>(size);
    }
    Tensor tensor{shape.name, DType::F32, shape.shape, {}};
    tensor.data.resize(count * sizeof(float));
    for (std::size_t i = 0; i < count; ++i, ++next) {
      std::memcpy(tensor.data.data() + i * sizeof(float), &next, sizeof next);
    }
    weights.tensors.push_back(std::move(tensor));
  }
  return weights;
}

float valueAt(const Tensor& tensor, std::size_t index) {
  float value = 0;
  std::memcpy(&value, tensor.data.data() + index * sizeof value, sizeof value);
  return value;
}

}  // namespace

class TestForeignNames : public QObject {
  Q_OBJECT

 private slots:
  void init() { m_folder = std::make_unique<QTemporaryDir>(); }
  void thereAndBack_data();
  void thereAndBack();
  void oneHeadOfTransformerLens();
  void whatIsWrongIsNamed();
  void zerosThatAreNotZero();
  void namesOfOnesOwn();
  void theEmbeddingsOfTheirSpecificModel();

 private:
  /// The tensors as a file that is read again.
  StateDict written(const Checkpoint& checkpoint) {
    const auto file = std::filesystem::path(m_folder->filePath("w.safetensors").toStdString());
    if (auto done = writeSafetensors(file, checkpoint); !done) {
      qFatal("%s", done.error().text().c_str());
    }
    auto dict = StateDict::read(file);
    if (!dict) {
      qFatal("%s", dict.error().text().c_str());
    }
    return std::move(*dict);
  }
  std::unique_ptr<QTemporaryDir> m_folder;
};

void TestForeignNames::thereAndBack_data() {
  QTest::addColumn<int>("family");
  QTest::addColumn<bool>("biases");
  QTest::addColumn<int>("kind");
  using Kind = ModelSpec::Kind;
  for (const bool biases : {true, false}) {
    for (const NameFamily family : {NameFamily::Native, NameFamily::PyTorch,
                                    NameFamily::TransformerLens, NameFamily::Paper}) {
      QTest::addRow("%s%s", std::string(nameFamilyText(family)).c_str(), biases ? " biases" : "")
          << static_cast<int>(family) << biases << static_cast<int>(Kind::Transformer);
    }
  }
  for (const Kind kind : {Kind::Lstm, Kind::Mlp}) {
    QTest::addRow("pytorch, kind %d", static_cast<int>(kind))
        << static_cast<int>(NameFamily::PyTorch) << true << static_cast<int>(kind);
  }
}

void TestForeignNames::thereAndBack() {
  QFETCH(int, family);
  QFETCH(bool, biases);
  QFETCH(int, kind);
  ExperimentSpec spec = smallSpec();
  spec.model.kind = static_cast<ModelSpec::Kind>(kind);
  spec.model.attention_biases = biases;
  spec.model.mlp_biases = biases;
  if (static_cast<NameFamily>(family) == NameFamily::Paper) {
    spec.model.norm = ModelSpec::Norm::Post;  // their code has no last LayerNorm
  }
  const Checkpoint weights = countedWeights(spec);
  const auto exported = exportWeights(weights, spec, static_cast<NameFamily>(family));
  QVERIFY2(exported.has_value(), exported ? "" : exported.error().c_str());
  const StateDict dict = written(*exported);
  // With its name, and found by the names alone.
  for (const auto& names : {ImportNames{static_cast<NameFamily>(family), {}, {}}, ImportNames{}}) {
    const auto back = toNative(dict, shapesOf(spec), spec.model, names);
    QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
    QVERIFY(*back == weights.tensors);
  }
}

void TestForeignNames::oneHeadOfTransformerLens() {
  const ExperimentSpec spec = smallSpec();
  const Checkpoint weights = countedWeights(spec);
  const auto exported = exportWeights(weights, spec, NameFamily::TransformerLens);
  QVERIFY(exported);
  const Tensor* ours = weights.find("layers.1.attn.o.weight");  // [6, 8]
  const Tensor* theirs = exported->find("blocks.1.attn.W_O");   // [2, 4, 6]
  QVERIFY(theirs->shape == (std::vector<std::int64_t>{2, 4, 6}));
  // Head 1, component 2, output 5: row 5, column 4 + 2.
  QCOMPARE(valueAt(*theirs, (1 * 4 + 2) * 6 + 5), valueAt(*ours, 5 * 8 + 6));
  QVERIFY(exported->metadata.at("config").find("\"normalization_type\":\"LN\"") !=
          std::string::npos);
}

void TestForeignNames::whatIsWrongIsNamed() {
  const ExperimentSpec spec = smallSpec();
  Checkpoint weights = countedWeights(spec);
  const auto errorOf = [&](const Checkpoint& checkpoint) {
    const auto back = toNative(written(checkpoint), shapesOf(spec), spec.model, {});
    return back ? std::string() : back.error().text();
  };
  const auto has = [](const std::string& told, const char* part) {
    return told.find(part) != std::string::npos;
  };
  Checkpoint less = weights;
  less.tensors.erase(less.tensors.begin());
  QVERIFY2(has(errorOf(less), "The tensor embed.weight is missing. Nothing was loaded."),
           errorOf(less).c_str());
  Checkpoint more = weights;
  more.tensors.push_back(weights.tensors[0]);
  more.tensors.back().name = "other.weight";
  QVERIFY(has(errorOf(more), "The tensor other.weight is not one of this model."));
  Checkpoint other = weights;
  std::swap(other.tensors[0].shape[0], other.tensors[0].shape[1]);
  QVERIFY(has(errorOf(other), "The tensor embed.weight has shape 6 × 11, expected 11 × 6."));
  other.tensors.erase(other.tensors.begin() + 1, other.tensors.begin() + 3);
  QVERIFY(has(errorOf(other), "2 more tensors do not fit."));
}

void TestForeignNames::zerosThatAreNotZero() {
  ExperimentSpec spec = smallSpec();
  spec.model.attention_biases = false;
  auto exported = exportWeights(countedWeights(spec), spec, NameFamily::TransformerLens);
  QVERIFY(exported);
  for (Tensor& tensor : exported->tensors) {
    if (tensor.name == "blocks.0.attn.b_K") {
      tensor.data[3] = std::byte{0x40};
    }
  }
  const auto back = toNative(written(*exported), shapesOf(spec), spec.model, {});
  QVERIFY(!back);
  QVERIFY(back.error().text().find("blocks.0.attn.b_K is not one of this model") !=
          std::string::npos);
}

/// torch.nn.TransformerEncoderLayer keeps query, key and value in one matrix.
void TestForeignNames::namesOfOnesOwn() {
  ExperimentSpec spec = smallSpec();
  spec.model.n_layers = 1;
  spec.model.n_heads = 1;
  spec.model.d_model = 4;
  spec.model.d_head = 4;
  spec.model.d_mlp = 8;
  ImportNames names;
  int part = 0;
  for (const char* letter : {"q", "k", "v"}) {
    const std::string ours = std::string("layers.*.attn.") + letter;
    names.tensors[ours + ".weight"] = {"self_attn.in_proj_weight", false, part, 3};
    names.tensors[ours + ".bias"] = {"self_attn.in_proj_bias", false, part++, 3};
  }
  for (const char* kind : {"weight", "bias"}) {
    const auto add = [&](const std::string& ours, const std::string& theirs) {
      names.tensors["layers.*." + ours + "." + kind] = {theirs + "." + kind};
    };
    add("attn.o", "self_attn.out_proj");
    add("mlp.in", "linear1");
    add("mlp.out", "linear2");
    add("ln1", "norm1");
    add("ln2", "norm2");
  }
  std::vector<TensorShape> wanted;
  for (const TensorShape& shape : shapesOf(spec)) {
    if (shape.name.starts_with("layers.")) {
      wanted.push_back(shape);
    }
  }
  const auto dict = StateDict::read(ANCHORLENS_SOURCE_DIR "/tests/data/import/encoder_layer.pt");
  QVERIFY2(dict.has_value(), dict ? "" : dict.error().text().c_str());
  const auto tensors = toNative(*dict, wanted, spec.model, names);
  QVERIFY2(tensors.has_value(), tensors ? "" : tensors.error().text().c_str());
  for (const Tensor& tensor : *tensors) {
    if (tensor.name == "layers.0.attn.k.weight") {
      QCOMPARE(valueAt(tensor, 0), 0.16F);  // row 4 of 12 x 4
      QCOMPARE(valueAt(tensor, 15), 0.31F);
    }
  }
  names.tensors["layers.*.mlp.in.weight"].transposed = true;
  const auto wrong = toNative(*dict, wanted, spec.model, names);
  QVERIFY(!wrong);
  QVERIFY(wrong.error().text().find("linear1.weight has shape 8 × 4, expected 4 × 8") !=
          std::string::npos);
}

/// GPT_specific of the paper's code has its embeddings elsewhere, and unused ones in their old
/// place.
void TestForeignNames::theEmbeddingsOfTheirSpecificModel() {
  ExperimentSpec spec = smallSpec();
  spec.model.norm = ModelSpec::Norm::Post;
  const Checkpoint weights = countedWeights(spec);
  auto exported = exportWeights(weights, spec, NameFamily::Paper);
  QVERIFY(exported);
  for (const char* name : {"tgt_emb.weight", "pos_emb.weight"}) {
    Tensor used = *exported->find(std::string("decoder.") + name);
    used.name = std::string("embedding.") + name;
    exported->tensors.push_back(used);
  }
  for (Tensor& tensor : exported->tensors) {
    if (tensor.name.starts_with("decoder.tgt") || tensor.name.starts_with("decoder.pos")) {
      tensor.data.assign(tensor.data.size(), std::byte{0});
    }
  }
  const auto back =
      toNative(written(*exported), shapesOf(spec), spec.model, {NameFamily::Paper, {}, {}});
  QVERIFY2(back.has_value(), back ? "" : back.error().text().c_str());
  QVERIFY(*back == weights.tensors);
}

QTEST_GUILESS_MAIN(TestForeignNames)
#include "tst_foreign_names.moc"
