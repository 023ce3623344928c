// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/head_map_data.h"

#include "widgets/number_format.h"

#include <algorithm>
#include <span>

namespace anchorlens::widgets {

namespace {

/// Position of a role in a sequence; -1 when it does not occur.
int positionOf(std::span<const std::uint8_t> roles, std::uint8_t role) {
  const auto found = std::find(roles.begin(), roles.end(), role);
  return found == roles.end() ? -1 : static_cast<int>(found - roles.begin());
}

/// A block is added once: several pairs may share a source.
void addOutline(std::vector<MapOutline>& outlines, const MapOutline& outline) {
  if (std::find(outlines.begin(), outlines.end(), outline) == outlines.end()) {
    outlines.push_back(outline);
  }
}

/// The column that a broadcast from `position` fills: its own row and all later ones.
MapOutline columnOutline(int position, int length, TokenRole role) {
  return {{position, position}, {length - 1, position}, role};
}

std::vector<MapOutline> outlinesOf(const ProbeContext& probe, std::size_t sequence) {
  std::vector<MapOutline> outlines;
  const auto roles = probe.shown.rolesOf(sequence);
  const auto length = static_cast<int>(roles.size());
  const int form = sequence < probe.shown.forms.size() ? probe.shown.forms[sequence] : 0;
  const auto roleOf = [&](int position) {
    return tokenRole(probe.roles.at(roles[static_cast<std::size_t>(position)]));
  };
  for (const core::RolePair& pair : probe.pairs) {
    if (pair.form != form) {
      continue;
    }
    const int first = positionOf(roles, pair.first);
    const int second = positionOf(roles, pair.second);
    if (first < 0 || second < 0) {
      continue;
    }
    const auto [earlier, later] = std::minmax(first, second);
    addOutline(outlines, {{later, earlier}, {later, earlier}, roleOf(earlier)});
    addOutline(outlines, columnOutline(later, length, roleOf(later)));
  }
  if (outlines.empty()) {  // a task without an anchor: its keys
    for (int position = 0; position < length; ++position) {
      if (roleOf(position) == TokenRole::Key) {
        addOutline(outlines, columnOutline(position, length, TokenRole::Key));
      }
    }
  }
  return outlines;
}

std::vector<float> submatrix(std::span<const float> cells, int stride, int length) {
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(length) * static_cast<std::size_t>(length));
  for (int row = 0; row < length; ++row) {
    const auto from =
        cells.subspan(static_cast<std::size_t>(row) * static_cast<std::size_t>(stride),
                      static_cast<std::size_t>(length));
    out.insert(out.end(), from.begin(), from.end());
  }
  return out;
}

bool hasHead(const core::PatternBatch& batch, std::size_t n, int layer, int head) {
  return n < batch.n && layer >= 0 && layer < batch.n_layers && head >= 0 && head < batch.n_heads &&
         batch.pattern.size() >= batch.n * batch.heads() * batch.cells();
}

std::vector<TokenText> positionTokens(int length) {
  std::vector<TokenText> tokens;
  for (int i = 0; i < length; ++i) {
    tokens.push_back({QString::number(i), TokenRole::Noise});
  }
  return tokens;
}

}  // namespace

TokenRole tokenRole(const core::RoleInfo& role) {
  switch (role.kind) {
    case core::RoleInfo::Kind::Anchor:
      return TokenRole::Anchor;
    case core::RoleInfo::Kind::Key:
      return TokenRole::Key;
    case core::RoleInfo::Kind::Noise:
      break;
  }
  return TokenRole::Noise;
}

ProbeContext makeProbeContext(const core::Task& task, const core::SequenceSet& probe,
                              std::size_t n_shown, bool causal) {
  ProbeContext context;
  context.roles = task.roles();
  context.pairs = task.pairs();
  context.groups = task.groups();
  context.causal = causal;
  context.probe_size = static_cast<int>(probe.size());
  const std::size_t n = std::min(n_shown, probe.size());
  const auto cells = static_cast<std::ptrdiff_t>(n * static_cast<std::size_t>(probe.seq_len));
  const auto rows = static_cast<std::ptrdiff_t>(n);
  const auto head = [](const auto& all, std::ptrdiff_t count) {
    const auto size = static_cast<std::ptrdiff_t>(all.size());
    return std::decay_t<decltype(all)>(all.begin(), all.begin() + std::min(count, size));
  };
  core::SequenceSet& shown = context.shown;
  shown.seq_len = probe.seq_len;
  shown.tokens = head(probe.tokens, cells);
  shown.roles = head(probe.roles, cells);
  shown.lengths = head(probe.lengths, rows);
  shown.targets = head(probe.targets, rows);
  shown.groups = head(probe.groups, rows);
  shown.forms = head(probe.forms, rows);
  shown.splits = head(probe.splits, rows);
  shown.answer_offsets = head(probe.answer_offsets, rows + 1);
  shown.answers = head(
      probe.answers,
      shown.answer_offsets.empty() ? 0 : static_cast<std::ptrdiff_t>(shown.answer_offsets.back()));
  return context;
}

std::vector<TokenText> tokensOf(const ProbeContext& probe, int sequence) {
  std::vector<TokenText> tokens;
  const auto i = static_cast<std::size_t>(std::max(sequence, 0));
  if (sequence < 0 || i >= probe.shown.size()) {
    return tokens;
  }
  const auto row = probe.shown.row(i);
  const auto roles = probe.shown.rolesOf(i);
  for (std::size_t k = 0; k < row.size(); ++k) {
    tokens.push_back({QString::number(row[k]), tokenRole(probe.roles.at(roles[k]))});
  }
  return tokens;
}

HeadMapData makeHeadMap(const core::Frame& frame, const ProbeContext& probe, ProbeChoice choice,
                        int layer, int head) {
  HeadMapData data;
  data.step = frame.step;
  data.layer = layer;
  data.head = head;
  data.causal = probe.causal;
  data.probe_size = probe.probe_size;
  const bool has_mean = hasHead(frame.mean, 0, layer, head);
  if (choice.mean) {
    if (has_mean) {
      data.is_mean = true;
      data.length = frame.mean.seq_len;
      const auto cells = frame.mean.of(0, layer, head);
      data.pattern.assign(cells.begin(), cells.end());
      data.tokens = positionTokens(data.length);
    }
    return data;
  }
  const auto i = static_cast<std::size_t>(std::max(choice.sequence, 0));
  if (choice.sequence < 0 || i >= probe.shown.size() || !hasHead(frame.shown, i, layer, head)) {
    return data;
  }
  data.length = std::min(static_cast<int>(probe.shown.lengths[i]), frame.shown.seq_len);
  data.pattern = submatrix(frame.shown.of(i, layer, head), frame.shown.seq_len, data.length);
  if (has_mean && frame.mean.seq_len == data.length) {
    const auto cells = frame.mean.of(0, layer, head);
    data.mean.assign(cells.begin(), cells.end());
  }
  data.tokens = tokensOf(probe, choice.sequence);
  data.outlines = outlinesOf(probe, i);
  return data;
}

std::vector<HeadMapData> makeHeadMaps(const core::Frame& frame, const ProbeContext& probe,
                                      ProbeChoice choice) {
  const core::PatternBatch& batch = choice.mean ? frame.mean : frame.shown;
  std::vector<HeadMapData> maps;
  for (int layer = 0; layer < batch.n_layers; ++layer) {
    for (int head = 0; head < batch.n_heads; ++head) {
      maps.push_back(makeHeadMap(frame, probe, choice, layer, head));
    }
  }
  return maps;
}

QString headName(int layer, int head, bool long_form) {
  return long_form ? QStringLiteral("Layer %1  Head %2").arg(layer).arg(head)
                   : QStringLiteral("L%1 H%2").arg(layer).arg(head);
}

}  // namespace anchorlens::widgets
