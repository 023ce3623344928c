// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/analysis/model_weights.h"

#include "engine/core/store/checkpoint_folder.h"

#include <cmath>
#include <cstring>
#include <utility>

namespace anchorlens::core::analysis {

namespace {

using Kind = ModelSpec::Kind;

Matrix matrixOf(const Tensor& tensor) {
  const std::int64_t cols = tensor.shape.empty() ? 1 : tensor.shape.back();
  std::int64_t rows = 1;
  for (std::size_t i = 0; i + 1 < tensor.shape.size(); ++i)
    rows *= tensor.shape[i];
  Matrix matrix(rows, cols);
  for (std::size_t i = 0; i < matrix.values.size(); ++i) {
    float value = 0;
    std::memcpy(&value, tensor.data.data() + i * sizeof(float), sizeof(float));
    matrix.values[i] = static_cast<double>(value);
  }
  return matrix;
}

/// docs/format_tensors.md: column 2 j is the sine, 2 j + 1 the cosine of the same angle.
Matrix sinusoids(int n_ctx, int d_model) {
  Matrix positions(n_ctx, d_model);
  for (int position = 0; position < n_ctx; ++position) {
    for (int column = 0; column < d_model; ++column) {
      const double exponent = static_cast<double>(column - column % 2) / d_model;
      const double angle = position / std::pow(10000.0, exponent);
      positions.at(position, column) = column % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  }
  return positions;
}

std::string layerName(int layer) {
  return "layers." + std::to_string(layer) + ".";
}

struct Needed {
  std::string name;
  std::int64_t rows = 0;  ///< 0: any
  std::int64_t cols = 0;
};

/// What the analysis reads of a model; other tensors are taken as they are.
std::vector<Needed> neededTensors(const ModelSpec& model) {
  const std::int64_t d = model.d_model;
  std::vector<Needed> needed{{"embed.weight", 0, d}, {"unembed.weight", 0, d}};
  if (model.kind != Kind::Transformer)
    return needed;
  const std::int64_t h = std::int64_t{model.n_heads} * model.d_head;
  if (model.positions == ModelSpec::Positions::Learned)
    needed.push_back({"positions.weight", model.n_ctx, d});
  for (int layer = 0; layer < model.n_layers; ++layer) {
    for (const char* part : {"attn.q.weight", "attn.k.weight", "attn.v.weight"})
      needed.push_back({layerName(layer) + part, h, d});
    if (model.attention_output)
      needed.push_back({layerName(layer) + "attn.o.weight", d, h});
    if (model.norm == ModelSpec::Norm::Pre)
      needed.push_back({layerName(layer) + "ln1.weight", 1, d});
  }
  if (model.norm == ModelSpec::Norm::Pre)
    needed.push_back({"ln_final.weight", 1, d});
  return needed;
}

std::string shapeText(std::int64_t rows, std::int64_t cols) {
  return std::to_string(rows) + " x " + std::to_string(cols);
}

}  // namespace

Expected<ModelWeights, IoError> ModelWeights::of(const Checkpoint& checkpoint,
                                                 const ModelSpec& model) {
  ModelWeights weights;
  weights.m_model = model;
  for (const Tensor& tensor : checkpoint.tensors) {
    if (tensor.dtype == DType::F32 && !tensor.name.starts_with(kOptimizerPrefix))
      weights.m_matrices.emplace(tensor.name, matrixOf(tensor));
  }
  for (const Needed& needed : neededTensors(model)) {
    const Matrix& found = weights.matrix(needed.name);
    const std::int64_t rows = needed.rows == 0 ? found.rows : needed.rows;
    if (found.isEmpty())
      return Unexpected(IoError{"", "There is no tensor " + needed.name + " in it."});
    if (found.rows != rows || found.cols != needed.cols)
      return Unexpected(IoError{"", "The tensor " + needed.name + " has shape " +
                                        shapeText(found.rows, found.cols) + ", expected " +
                                        shapeText(rows, needed.cols) + "."});
  }
  if (model.kind == Kind::Transformer) {
    if (model.positions == ModelSpec::Positions::Learned)
      weights.m_positions = weights.matrix("positions.weight");
    else if (model.positions == ModelSpec::Positions::Sinusoidal)
      weights.m_positions = sinusoids(model.n_ctx, model.d_model);
  }
  return weights;
}

Expected<ModelWeights, IoError> ModelWeights::read(const std::filesystem::path& file,
                                                   const ModelSpec& model) {
  const auto checkpoint = readSafetensors(file);
  if (!checkpoint)
    return Unexpected(checkpoint.error());
  if (auto named = checkStep(file, *checkpoint); !named)
    return Unexpected(named.error());
  auto weights = of(*checkpoint, model);
  if (!weights)
    return Unexpected(IoError{file.string(), weights.error().message});
  return weights;
}

void ModelWeights::keepTokens(const std::vector<std::int64_t>& tokens) {
  for (const char* name : {"embed.weight", "unembed.weight"}) {
    Matrix& matrix = m_matrices.find(name)->second;
    Matrix kept(static_cast<std::int64_t>(tokens.size()), matrix.cols);
    for (std::int64_t row = 0; row < kept.rows; ++row) {
      for (std::int64_t col = 0; col < kept.cols; ++col)
        kept.at(row, col) = matrix.at(tokens[static_cast<std::size_t>(row)], col);
    }
    matrix = std::move(kept);
  }
}

const Matrix& ModelWeights::matrix(std::string_view name) const {
  static const Matrix kNone;
  const auto found = m_matrices.find(name);
  return found == m_matrices.end() ? kNone : found->second;
}

HeadWeights ModelWeights::head(int layer, int head) const {
  const std::int64_t h = m_model.d_head;
  const std::int64_t first = head * h;
  const std::string attention = layerName(layer) + "attn.";
  HeadWeights weights;
  weights.query = rowBlock(matrix(attention + "q.weight"), first, h);
  weights.key = rowBlock(matrix(attention + "k.weight"), first, h);
  weights.value = rowBlock(matrix(attention + "v.weight"), first, h);
  if (m_model.attention_output) {
    weights.output = columnBlock(matrix(attention + "o.weight"), first, h);
  } else {
    weights.output = Matrix(m_model.d_model, h);
    for (std::int64_t j = 0; j < h; ++j)
      weights.output.at(first + j, j) = 1.0;
  }
  return weights;
}

std::vector<MatrixName> listMatrices(const ModelSpec& model) {
  std::vector<MatrixName> names{{"embed", "Token embedding", "embed.weight"}};
  if (model.kind == Kind::Transformer && model.positions == ModelSpec::Positions::Learned)
    names.push_back({"positions", "Position embedding", "positions.weight"});
  if (model.kind == Kind::Mlp)
    names.push_back({"input", "Input layer", "input.weight"});
  const auto add = [&names](int layer, const std::string& part, const std::string& title) {
    names.push_back({layerName(layer) + part, title + ", layer " + std::to_string(layer),
                     layerName(layer) + part + ".weight"});
  };
  struct Part {
    const char* name;
    const char* title;
  };
  for (int layer = 0; layer < model.n_layers; ++layer) {
    if (model.kind == Kind::Lstm) {
      add(layer, "lstm.ih", "Input to gates");
      add(layer, "lstm.hh", "State to gates");
      continue;
    }
    if (model.kind == Kind::Transformer) {
      for (const Part part :
           {Part{"q", "Query"}, Part{"k", "Key"}, Part{"v", "Value"}, Part{"o", "Output"}}) {
        if (part.name[0] == 'o' && !model.attention_output)
          continue;
        for (int head = 0; head < model.n_heads; ++head) {
          const std::string tensor = layerName(layer) + "attn." + part.name;
          names.push_back(
              {tensor + "." + std::to_string(head),
               part.title + (", layer " + std::to_string(layer)) + " head " + std::to_string(head),
               tensor + ".weight", head});
        }
      }
    }
    if (model.mlp || model.kind == Kind::Mlp) {
      add(layer, "mlp.in", "MLP in");
      add(layer, "mlp.out", "MLP out");
    }
  }
  names.push_back({"unembed", "Unembedding", "unembed.weight"});
  return names;
}

std::string usualMatrix(const ModelSpec& model) {
  return model.kind == Kind::Transformer ? layerName(model.n_layers - 1) + "attn.q.0" : "embed";
}

Matrix namedMatrix(const ModelWeights& weights, const MatrixName& name) {
  const Matrix& whole = weights.matrix(name.tensor);
  if (name.head < 0 || whole.isEmpty())
    return whole;
  const std::int64_t h = weights.model().d_head;
  const bool is_output = name.tensor.ends_with("attn.o.weight");
  return is_output ? columnBlock(whole, name.head * h, h) : rowBlock(whole, name.head * h, h);
}

}  // namespace anchorlens::core::analysis
