// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/frame_blob.h"

#include "engine/core/store/byte_stream.h"
#include "engine/core/store/cell_coding.h"
#include "engine/core/store/crc32.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <string_view>

namespace anchorlens::core {
namespace {

constexpr std::array<char, 4> kMagic{'A', 'L', 'F', 'R'};
constexpr std::size_t kChecksumFrom = 8;
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kMostBytes = std::size_t{256} << 20;
constexpr std::uint8_t kFloat32 = 0;
constexpr std::uint8_t kInt32 = 1;
constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kCells = 1;

/// One array: its name, type and shape, and how its bytes are coded.
struct Section {
  std::array<char, 12> name{};
  std::uint8_t type = kFloat32;
  std::uint8_t coding = kPlain;
  std::uint8_t n_axes = 0;
  std::uint8_t zero = 0;
  std::array<std::uint32_t, 5> shape{1, 1, 1, 1, 1};
  std::uint32_t bytes = 0;

  std::string_view text() const {
    return {name.data(),
            static_cast<std::size_t>(std::find(name.begin(), name.end(), '\0') - name.begin())};
  }
};
static_assert(sizeof(Section) == 40 && std::is_trivially_copyable_v<Section>);

Section makeSection(std::string_view name, std::uint8_t type,
                    std::initializer_list<std::size_t> shape) {
  Section section;
  std::copy(name.begin(), name.end(), section.name.begin());
  section.type = type;
  section.n_axes = static_cast<std::uint8_t>(shape.size());
  std::transform(shape.begin(), shape.end(), section.shape.begin(),
                 [](std::size_t axis) { return static_cast<std::uint32_t>(axis); });
  return section;
}

/// Elements of the array; empty when they would take too much memory.
std::optional<std::size_t> elements(const Section& section) {
  std::size_t count = 1;
  for (const std::uint32_t axis : section.shape) {
    if (__builtin_mul_overflow(count, axis, &count) || count > kMostBytes / 4) {
      return {};
    }
  }
  return count;
}

CellShape cellShape(const Section& section) {
  const auto& shape = section.shape;
  return {shape[0], std::size_t{shape[1]} * shape[2], std::size_t{shape[3]} * shape[4]};
}

struct Parts {
  std::vector<Section> sections;
  ByteWriter payload;

  template <typename T>
  void add(Section section, std::span<const T> values) {
    const std::size_t begin = payload.size();
    payload.putAll(values);
    section.bytes = static_cast<std::uint32_t>(payload.size() - begin);
    sections.push_back(section);
  }
  void addPatterns(std::string_view name, const PatternBatch& batch);
};

void Parts::addPatterns(std::string_view name, const PatternBatch& batch) {
  if (batch.n == 0) {
    return;
  }
  assert(batch.pattern.size() == batch.n * batch.heads() * batch.cells());
  const auto T = static_cast<std::size_t>(batch.seq_len);
  Section section = makeSection(name, kFloat32,
                                {batch.n, static_cast<std::size_t>(batch.n_layers),
                                 static_cast<std::size_t>(batch.n_heads), T, T});
  ByteWriter coded;
  encodeCells(batch.pattern, cellShape(section), coded);
  if (coded.size() < batch.pattern.size() * sizeof(float)) {
    section.coding = kCells;
    add(section, coded.bytes());
  } else {
    add(section, std::span<const float>(batch.pattern));
  }
}

bool readPatterns(const Section& section, ByteReader in, PatternBatch& batch) {
  const auto count = elements(section);
  const auto& shape = section.shape;
  if (!count || *count == 0 || section.type != kFloat32 || section.n_axes != 5 ||
      shape[3] != shape[4]) {
    return false;
  }
  if (section.coding == kPlain ? in.left() != *count * sizeof(float) : section.coding != kCells) {
    return false;
  }
  batch.n = shape[0];
  batch.n_layers = static_cast<int>(shape[1]);
  batch.n_heads = static_cast<int>(shape[2]);
  batch.seq_len = static_cast<int>(shape[3]);
  if (section.coding == kCells) {
    return decodeCells(in, cellShape(section), batch.pattern);
  }
  batch.pattern.resize(*count);
  std::memcpy(batch.pattern.data(), in.take(in.left())->data(), *count * sizeof(float));
  return true;
}

/// "tokens" and "p": [n, 5].
template <typename T>
bool readPredictions(const Section& section, ByteReader in, std::array<T, 5> Prediction::*field,
                     std::vector<Prediction>& predictions) {
  const auto count = elements(section);
  if (!count || section.coding != kPlain || section.n_axes != 2 || section.shape[1] != 5 ||
      in.left() != *count * sizeof(T)) {
    return false;
  }
  predictions.resize(section.shape[0]);
  for (Prediction& prediction : predictions) {
    prediction.*field = *in.take<std::array<T, 5>>();
  }
  return true;
}

bool readSection(const Section& section, ByteReader in, Frame& frame) {
  if (section.text() == "shown") {
    return readPatterns(section, in, frame.shown);
  }
  if (section.text() == "mean") {
    return readPatterns(section, in, frame.mean);
  }
  if (section.text() == "tokens") {
    return section.type == kInt32 &&
           readPredictions(section, in, &Prediction::tokens, frame.predictions);
  }
  if (section.text() == "p") {
    return section.type == kFloat32 &&
           readPredictions(section, in, &Prediction::p, frame.predictions);
  }
  return true;  // an array that a later version added
}

}  // namespace

std::vector<std::byte> encodeFrame(const Frame& frame) {
  Parts parts;
  parts.addPatterns("shown", frame.shown);
  parts.addPatterns("mean", frame.mean);
  if (!frame.predictions.empty()) {
    std::vector<std::int32_t> tokens;
    std::vector<float> p;
    for (const Prediction& prediction : frame.predictions) {
      tokens.insert(tokens.end(), prediction.tokens.begin(), prediction.tokens.end());
      p.insert(p.end(), prediction.p.begin(), prediction.p.end());
    }
    parts.add(makeSection("tokens", kInt32, {frame.predictions.size(), 5}),
              std::span<const std::int32_t>(tokens));
    parts.add(makeSection("p", kFloat32, {frame.predictions.size(), 5}), std::span<const float>(p));
  }
  ByteWriter blob;
  blob.put(kMagic);
  blob.put(std::uint32_t{0});
  blob.put(kVersion);
  blob.put(static_cast<std::uint16_t>(parts.sections.size()));
  blob.putAll(std::span<const Section>(parts.sections));
  blob.putAll(parts.payload.bytes());
  blob.set(kMagic.size(), crc32(0, blob.bytes().subspan(kChecksumFrom)));
  return blob.take();
}

Expected<void, std::string> decodeFrame(std::span<const std::byte> blob, Frame& frame) {
  ByteReader in(blob);
  const auto magic = in.take<std::array<char, 4>>();
  const auto checksum = in.take<std::uint32_t>();
  const auto version = in.take<std::uint16_t>();
  const auto n_sections = in.take<std::uint16_t>();
  if (!n_sections || *magic != kMagic) {
    return Unexpected(std::string("it is no frame"));
  }
  if (crc32(0, blob.subspan(kChecksumFrom)) != *checksum) {
    return Unexpected(std::string("its checksum is wrong"));
  }
  if (*version != kVersion) {
    return Unexpected("it has version " + std::to_string(*version) + ", this program reads " +
                      std::to_string(kVersion));
  }
  std::vector<Section> sections;
  for (int i = 0; i < *n_sections; ++i) {
    const auto section = in.take<Section>();
    if (!section) {
      return Unexpected(std::string("its list of arrays is cut off"));
    }
    sections.push_back(*section);
  }
  for (const Section& section : sections) {
    const auto bytes = in.take(section.bytes);
    if (!bytes || !readSection(section, ByteReader(*bytes), frame)) {
      return Unexpected("its array " + std::string(section.text()) + " is damaged");
    }
  }
  return {};
}

}  // namespace anchorlens::core
