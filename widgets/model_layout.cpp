// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/model_layout.h"

#include "widgets/number_format.h"

#include <QCoreApplication>

#include <algorithm>

namespace anchorlens::widgets {

namespace {

using core::ModelSpec;
using Kind = ModelBlock::Kind;

constexpr int kMostDrawn = 2;
const QString kTimes = QStringLiteral(" × ");
const QString kTo = QStringLiteral(" → ");

QString tr(const char* text) {
  return QCoreApplication::translate("ModelDrawing", text);
}

QString number(std::int64_t value) {
  return formatInteger(value);
}

/// Builds upwards: m_y is where the next thing's lower edge lies.
class Builder {
 public:
  Builder(const ModelSpec& model, int d_vocab, int seq_len, double width, double px)
      : m_model(model),
        m_d_vocab(d_vocab),
        m_seq_len(seq_len),
        m_width(width),
        m_unit(px / 13),
        m_stream(24 * m_unit),
        m_left((hasStream() && isPre() ? 80 : 50) * m_unit) {}

  ModelLayout build() {
    addEmbedding();
    if (m_model.kind == ModelSpec::Kind::Mlp)
      addInput();
    const int drawn = m_model.n_layers <= kMostDrawn ? m_model.n_layers : 1;
    for (int layer = 0; layer < drawn; ++layer)
      addLayer(layer, drawn);
    if (hasStream() && isPre())
      addStreamNorm(QStringLiteral("final"), tr("Final LayerNorm"));
    addUnembedding();
    finish();
    return std::move(m_layout);
  }

 private:
  bool hasStream() const { return m_model.kind != ModelSpec::Kind::Lstm; }
  bool isPre() const { return m_model.norm == ModelSpec::Norm::Pre; }
  bool isPost() const { return m_model.norm == ModelSpec::Norm::Post; }
  /// The baseline's residual connections are not a switch.
  bool hasResidual() const { return m_model.residual || m_model.kind == ModelSpec::Kind::Mlp; }
  double streamX() const { return hasStream() ? m_stream : m_width / 2; }

  ModelBlock& add(Kind kind, const QString& key, const char* pointer, const QRectF& box,
                  const QString& text, const QString& note, const QString& name) {
    m_layout.blocks.push_back({kind, key, QString::fromLatin1(pointer), box, text, note, name});
    return m_layout.blocks.back();
  }
  QRectF across(double height, double left) const {
    return {left, m_y - height, m_width - 8 * m_unit - left, height};
  }
  QRectF whole(double height) const { return {0, m_y - height, m_width, height}; }
  void line(std::initializer_list<QPointF> points, bool has_arrow) {
    m_layout.lines.push_back({QPolygonF(points), has_arrow});
  }
  /// The stream from where it was last drawn up to `y`.
  void streamTo(double y, bool has_arrow = false) {
    line({{streamX(), m_stream_y}, {streamX(), y}}, has_arrow);
    m_stream_y = y;
  }

  void addEmbedding() {
    const QString size = number(m_d_vocab) + kTimes + number(m_model.d_model);
    add(Kind::Plain, QStringLiteral("embedding"), "/model/d_model", whole(26 * m_unit),
        tr("Embedding"), size,
        tr("Embedding, %1 tokens by width %2").arg(m_d_vocab).arg(m_model.d_model));
    m_y -= 26 * m_unit;
    m_stream_y = m_y;
    if (m_model.kind == ModelSpec::Kind::Transformer)
      addPositions();
    m_y -= 10 * m_unit;
  }

  void addPositions() {
    const bool is_off = m_model.positions == ModelSpec::Positions::None;
    const bool is_learned = m_model.positions == ModelSpec::Positions::Learned;
    m_y -= 8 * m_unit;
    const QRectF box = across(22 * m_unit, 50 * m_unit);
    const QString kind = is_off ? QString() : is_learned ? tr("learned") : tr("sinusoidal");
    add(Kind::Plain, QStringLiteral("positions"), "/model/positions", box,
        is_off ? tr("no positions") : tr("Positions"), kind,
        is_off ? tr("No positions") : tr("Positions, %1").arg(kind))
        .is_off = is_off;
    if (!is_off) {
      const double y = box.center().y();
      m_layout.sums.emplace_back(m_stream, y);
      line({{box.left(), y}, {m_stream + radius(), y}}, true);
    }
    m_y -= box.height();
  }

  void addInput() {
    const double height = 26 * m_unit;
    streamTo(m_y, true);
    const QString size =
        number(m_seq_len) + kTimes + number(m_model.d_model) + kTo + number(m_model.d_model);
    add(Kind::Plain, QStringLiteral("input"), "/task/seq_len", whole(height), tr("Input"), size,
        tr("Input layer over all %1 positions side by side").arg(m_seq_len));
    m_y -= height;
    m_stream_y = m_y;
    m_y -= 10 * m_unit;
  }

  void addLayer(int layer, int drawn) {
    const double bottom = m_y;
    const bool is_all = drawn < m_model.n_layers;
    const QString key = QStringLiteral("layer %1").arg(layer);
    const QString name =
        is_all ? tr("Each of %1 layers").arg(m_model.n_layers) : tr("Layer %1").arg(layer);
    m_y -= 8 * m_unit;
    const std::size_t first = m_layout.blocks.size();
    if (m_model.kind == ModelSpec::Kind::Transformer) {
      addAttention(key, name);
      addMlp(key, name);
    } else if (m_model.kind == ModelSpec::Kind::Lstm) {
      addRecurrent(key, name);
    } else {
      addMlp(key, name);
    }
    const double label = 18 * m_unit;
    const QRectF box(m_left, m_y - label, m_width - 8 * m_unit - m_left, label);
    const QString text =
        is_all ? tr("Layers 0–%1").arg(m_model.n_layers - 1) : tr("Layer %1").arg(layer);
    // Read first, as it names what follows.
    m_layout.blocks.insert(m_layout.blocks.begin() + static_cast<std::ptrdiff_t>(first),
                           {Kind::Label, key, QStringLiteral("/model/n_layers"), box, text,
                            is_all ? QStringLiteral("× %1").arg(m_model.n_layers) : QString(),
                            is_all ? tr("%1 layers, all alike").arg(m_model.n_layers) : name});
    m_y -= label;
    m_layout.layers.emplace_back(0, m_y, m_width, bottom - m_y);
    m_y -= 8 * m_unit;
  }

  void addAttention(const QString& key, const QString& layer) {
    const double bottom = m_y;
    const std::size_t first = m_layout.blocks.size();
    const QRectF box = across(46 * m_unit, m_left);
    add(Kind::Plain, key + QStringLiteral("/attention"), "/model/d_head", box, tr("Attention"), {},
        tr("%1: attention, width %2 a head").arg(layer).arg(m_model.d_head));
    const double inset = 6 * m_unit;
    const QRectF row(box.left() + inset, box.bottom() - 22 * m_unit, box.width() - 2 * inset,
                     18 * m_unit);
    QString note = QStringLiteral("%1 × %2").arg(m_model.n_heads).arg(m_model.d_head);
    QString name = tr("%1: %2 attention heads").arg(layer).arg(m_model.n_heads);
    if (m_model.shift_values_by != 0) {
      note += QStringLiteral(", v%1%2").arg(kMinus).arg(m_model.shift_values_by);
      name += tr(", values from %1 positions before").arg(m_model.shift_values_by);
    }
    add(Kind::Heads, key + QStringLiteral("/heads"), "/model/n_heads", row, {}, note, name).count =
        m_model.n_heads;
    const bool is_causal = m_model.mask == ModelSpec::Mask::Causal;
    const double chip = 62 * m_unit;
    add(Kind::Chip, key + QStringLiteral("/mask"), "/model/mask",
        {box.right() - chip, box.top() + 2 * m_unit, chip - 4 * m_unit, 20 * m_unit},
        is_causal ? tr("causal") : tr("no mask"), {},
        is_causal ? tr("%1: causal mask").arg(layer) : tr("%1: no mask").arg(layer));
    m_y = box.top() - 3 * m_unit;
    const bool has_output = m_model.attention_output;
    const QRectF out = across(20 * m_unit, m_left);
    add(Kind::Plain, key + QStringLiteral("/output"), "/model/attention_output", out,
        has_output ? tr("Output") : tr("no output projection"),
        has_output
            ? number(std::int64_t{m_model.n_heads} * m_model.d_head) + kTo + number(m_model.d_model)
            : QString(),
        has_output ? tr("%1: attention output projection").arg(layer)
                   : tr("%1: no attention output projection").arg(layer))
        .is_off = !has_output;
    m_y = out.top();
    joinStream(key + QStringLiteral("/attention"), tr("%1, attention").arg(layer), first, bottom,
               has_output ? out.center().y() : box.top() + 9 * m_unit);
  }

  void addMlp(const QString& key, const QString& layer) {
    const bool is_baseline = m_model.kind == ModelSpec::Kind::Mlp;
    const double bottom = m_y;
    const std::size_t first = m_layout.blocks.size();
    if (!m_model.mlp && !is_baseline) {
      const QRectF box = across(20 * m_unit, m_left);
      add(Kind::Plain, key + QStringLiteral("/mlp"), "/model/mlp", box, tr("no MLP"), {},
          tr("%1: no MLP").arg(layer))
          .is_off = true;
      streamTo(box.top());
      m_y = box.top() - 4 * m_unit;
      return;
    }
    const std::int64_t inner = is_baseline ? 4LL * m_model.d_model : m_model.d_mlp;
    const QString activation =
        m_model.activation == ModelSpec::Activation::Relu ? tr("ReLU") : tr("GELU");
    const QRectF box = across(42 * m_unit, m_left);
    add(Kind::Plain, key + QStringLiteral("/mlp"), is_baseline ? "/model/d_model" : "/model/d_mlp",
        box, tr("MLP"), number(m_model.d_model) + kTo + number(inner),
        tr("%1: MLP of width %2").arg(layer).arg(inner));
    const double chip = 46 * m_unit;
    add(Kind::Chip, key + QStringLiteral("/activation"), "/model/activation",
        {box.right() - chip, box.top() + 1 * m_unit, chip - 4 * m_unit, 20 * m_unit}, activation,
        {}, tr("%1: activation %2").arg(layer, activation));
    m_y = box.top();
    joinStream(key + QStringLiteral("/mlp"), tr("%1, MLP").arg(layer), first, bottom,
               box.top() + 11 * m_unit);
  }

  void addRecurrent(const QString& key, const QString& layer) {
    const QRectF box = across(30 * m_unit, 8 * m_unit);
    streamTo(box.bottom(), true);
    add(Kind::Plain, key + QStringLiteral("/lstm"), "/model/d_model", box, tr("LSTM"),
        tr("width %1").arg(number(m_model.d_model)),
        tr("%1: LSTM of width %2, from position to position").arg(layer).arg(m_model.d_model))
        .is_looped = true;
    m_y = box.top();
    m_stream_y = m_y;
  }

  /// Lines between the stream and the blocks from `first` on, which reach from `bottom` up to m_y:
  /// in near their lower edge, out at `y_out`; the sum, and LayerNorm where it stands.
  void joinStream(const QString& key, const QString& what, std::size_t first, double bottom,
                  double y_out) {
    const double y_in = bottom - 10 * m_unit;
    streamTo(y_in);
    double from = m_stream;
    if (isPre()) {
      const QRectF box(m_stream + 12 * m_unit, y_in - 9 * m_unit, 32 * m_unit, 18 * m_unit);
      line({{m_stream, y_in}, {box.left(), y_in}}, false);
      addNorm(key, box, tr("%1: LayerNorm before").arg(what));
      const auto from_block = m_layout.blocks.begin() + static_cast<std::ptrdiff_t>(first);
      std::rotate(from_block, m_layout.blocks.end() - 1, m_layout.blocks.end());
      from = box.right();
    }
    line({{from, y_in}, {m_left, y_in}}, true);
    if (hasResidual())
      streamTo(y_out);
    m_stream_y = y_out;
    const bool is_switch = m_model.kind == ModelSpec::Kind::Transformer;
    if (!hasResidual()) {
      line({{m_left, y_out}, {m_stream, y_out}}, false);
    } else {
      line({{m_left, y_out}, {m_stream + radius(), y_out}}, true);
      const double reach = 12 * m_unit;
      if (is_switch) {
        add(Kind::Join, key + QStringLiteral("/sum"), "/model/residual",
            {m_stream - reach, y_out - reach, 2 * reach, 2 * reach}, {}, {},
            tr("%1: residual connection").arg(what));
      } else {
        m_layout.sums.emplace_back(m_stream, y_out);
      }
    }
    if (!isPost()) {
      m_y -= 8 * m_unit;
      return;
    }
    m_y = std::min(m_y, y_out - 12 * m_unit);
    addStreamNorm(key, tr("%1: LayerNorm after").arg(what));
  }

  void addNorm(const QString& key, const QRectF& box, const QString& name) {
    add(Kind::Norm, key + QStringLiteral("/norm"), "/model/norm", box, QStringLiteral("LN"), {},
        name);
  }

  void addStreamNorm(const QString& key, const QString& name) {
    const double height = 18 * m_unit;
    const double half = 16 * m_unit;
    addNorm(key, {m_stream - half, m_y - height, 2 * half, height}, name);
    streamTo(m_y - height);
    // What comes next reads a little above its lower edge: it may begin beside this box.
    m_y -= height - 5 * m_unit;
  }

  void addUnembedding() {
    m_y -= 6 * m_unit;
    streamTo(m_y, true);
    const QString size = number(m_model.d_model) + kTo + number(m_d_vocab);
    add(Kind::Plain, QStringLiteral("unembedding"), "/task/d_vocab", whole(26 * m_unit),
        tr("Unembedding"), size,
        tr("Unembedding, width %1 to %2 tokens").arg(m_model.d_model).arg(m_d_vocab));
    m_y -= 26 * m_unit;
  }

  double radius() const { return 6 * m_unit; }

  /// Everything was built from 0 upwards: down by the height.
  void finish() {
    const QPointF down(0, -m_y);
    for (ModelBlock& block : m_layout.blocks)
      block.box.translate(down);
    for (ModelLine& line : m_layout.lines)
      line.points.translate(down);
    for (QRectF& layer : m_layout.layers)
      layer.translate(down);
    for (QPointF& sum : m_layout.sums)
      sum += down;
    m_layout.size = {m_width, -m_y};
  }

  const ModelSpec& m_model;
  int m_d_vocab;
  int m_seq_len;
  double m_width;
  double m_unit;
  double m_stream;
  double m_left;
  double m_y = 0;
  double m_stream_y = 0;
  ModelLayout m_layout;
};

}  // namespace

ModelLayout layoutModel(const ModelSpec& model, int d_vocab, int seq_len, double width, double px) {
  return Builder(model, d_vocab, seq_len, width, px).build();
}

}  // namespace anchorlens::widgets
