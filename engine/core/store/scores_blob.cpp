// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/scores_blob.h"

#include "engine/core/store/byte_stream.h"
#include "engine/core/store/crc32.h"
#include "engine/core/store/scores_columns.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

namespace anchorlens::core {
namespace {

constexpr std::array<char, 4> kMagic{'A', 'L', 'S', 'C'};
constexpr std::size_t kChecksumFrom = 8;
constexpr std::uint16_t kVersion = 1;
constexpr std::uint16_t kWithLifts = 1;
/// More than any task has: a bound for what a damaged file can ask for.
constexpr std::uint16_t kMostParts = 1024;

bool sameBits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

struct NameIo {
  std::vector<std::string> names;
  bool with_lifts = false;
  template <typename T>
  void column(ColumnName name, T&) {
    names.push_back(name.text());
  }
  void lift(ColumnName name, Score&) {
    if (with_lifts) {
      names.push_back(name.text());
    }
  }
};

/// Whether every lift is what mass and chance say.
struct LiftCheckIo {
  bool all_follow = true;
  template <typename T>
  void column(ColumnName, T&) {}
  void lift(ColumnName, Score& score) {
    all_follow = all_follow && sameBits(score.lift, core::lift(score.mass, score.chance));
  }
};

struct WriteIo {
  std::vector<double> values;
  bool with_lifts = false;
  template <typename T>
  void column(ColumnName, T& value) {
    values.push_back(static_cast<double>(value));
  }
  void lift(ColumnName, Score& score) {
    if (with_lifts) {
      values.push_back(score.lift);
    }
  }
};

struct ReadIo {
  const double* next = nullptr;
  bool with_lifts = false;
  bool is_good = true;
  template <typename T>
  void column(ColumnName, T& value) {
    const double read = *next++;
    if constexpr (std::is_same_v<T, double>) {
      value = read;
    } else {
      constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::min());
      constexpr double kHigh =
          sizeof(T) > 4 ? 0x1p53 : static_cast<double>(std::numeric_limits<T>::max());
      is_good = is_good && read >= kLow && read <= kHigh;
      value = is_good ? static_cast<T>(read) : T{};
    }
  }
  void lift(ColumnName, Score& score) {
    score.lift = with_lifts ? *next++ : core::lift(score.mass, score.chance);
  }
};

/// Columns of all heads. Shape: [heads, columns]
struct Matrix {
  std::size_t heads = 0;
  std::size_t columns = 0;
  std::vector<double> values;
  double at(std::size_t head, std::size_t column) const { return values[head * columns + column]; }
  bool isShared(std::size_t column) const {
    for (std::size_t head = 1; head < heads; ++head) {
      if (!sameBits(at(head, column), at(0, column))) {
        return false;
      }
    }
    return true;
  }
};

struct BlobHeader {
  std::uint16_t version = kVersion;
  std::uint16_t flags = 0;
  std::uint32_t heads = 0;
  std::uint16_t n_rows = 0;
  std::uint16_t n_broadcasts = 0;
  std::uint32_t columns = 0;
};
static_assert(sizeof(BlobHeader) == 16);

std::size_t maskBytes(std::size_t columns) {
  return (columns + 63) / 64 * 8;
}

Matrix makeMatrix(std::span<const HeadScores> heads, const BlobHeader& header) {
  WriteIo io;
  io.with_lifts = (header.flags & kWithLifts) != 0;
  for (HeadScores head : heads) {
    ScoreColumns<WriteIo>(io, header.n_rows, header.n_broadcasts).visit(head);
  }
  Matrix matrix{heads.size(), heads.empty() ? 0 : io.values.size() / heads.size(), {}};
  matrix.values = std::move(io.values);
  return matrix;
}

std::size_t countColumns(const BlobHeader& header) {
  WriteIo io;
  io.with_lifts = (header.flags & kWithLifts) != 0;
  HeadScores head;
  ScoreColumns<WriteIo>(io, header.n_rows, header.n_broadcasts).visit(head);
  return io.values.size();
}

/// The header when the whole blob has just the size that it says.
Expected<BlobHeader, std::string> checkBlob(std::span<const std::byte> blob) {
  ByteReader in(blob);
  const auto magic = in.take<std::array<char, 4>>();
  const auto checksum = in.take<std::uint32_t>();
  const auto header = in.take<BlobHeader>();
  if (!header || *magic != kMagic) {
    return Unexpected(std::string("they are no head scores"));
  }
  if (crc32(0, blob.subspan(kChecksumFrom)) != *checksum) {
    return Unexpected(std::string("their checksum is wrong"));
  }
  if (header->version != kVersion) {
    return Unexpected("they have version " + std::to_string(header->version) +
                      ", this program reads " + std::to_string(kVersion));
  }
  if (header->n_rows > kMostParts || header->n_broadcasts > kMostParts ||
      (header->heads != 0 && header->columns != countColumns(*header))) {
    return Unexpected(std::string("their columns are not those of this version"));
  }
  return *header;
}

}  // namespace

std::vector<std::byte> encodeScores(std::span<const HeadScores> heads) {
  BlobHeader header;
  LiftCheckIo check;
  header.heads = static_cast<std::uint32_t>(heads.size());
  for (HeadScores head : heads) {
    header.n_rows = std::max(header.n_rows, static_cast<std::uint16_t>(head.shift_rows.size()));
    header.n_broadcasts =
        std::max(header.n_broadcasts, static_cast<std::uint16_t>(head.broadcasts.size()));
    ScoreColumns<LiftCheckIo>(check, head.shift_rows.size(), head.broadcasts.size()).visit(head);
  }
  header.flags = check.all_follow ? 0 : kWithLifts;
  const Matrix matrix = makeMatrix(heads, header);
  header.columns = static_cast<std::uint32_t>(matrix.columns);

  std::vector<std::uint8_t> own(maskBytes(matrix.columns));
  std::vector<double> shared;
  std::vector<std::size_t> own_columns;
  for (std::size_t column = 0; column < matrix.columns; ++column) {
    if (matrix.isShared(column)) {
      shared.push_back(matrix.at(0, column));
    } else {
      own[column / 8] = static_cast<std::uint8_t>(own[column / 8] | (1U << (column % 8)));
      own_columns.push_back(column);
    }
  }
  ByteWriter blob;
  blob.put(kMagic);
  blob.put(std::uint32_t{0});
  blob.put(header);
  blob.putAll(std::span<const std::uint8_t>(own));
  blob.putAll(std::span<const double>(shared));
  for (std::size_t head = 0; head < matrix.heads; ++head) {
    for (const std::size_t column : own_columns) {
      blob.put(matrix.at(head, column));
    }
  }
  blob.set(kMagic.size(), crc32(0, blob.bytes().subspan(kChecksumFrom)));
  return blob.take();
}

Expected<std::vector<HeadScores>, std::string> decodeScores(std::span<const std::byte> blob) {
  const auto header = checkBlob(blob);
  if (!header) {
    return Unexpected(header.error());
  }
  ByteReader in(blob.subspan(kChecksumFrom + sizeof(BlobHeader)));
  const auto mask = in.take(maskBytes(header->columns));
  if (!mask) {
    return Unexpected(std::string("they are cut off"));
  }
  std::vector<double> row(header->columns);
  std::vector<std::size_t> own;
  for (std::size_t column = 0; column < row.size(); ++column) {
    if ((std::to_integer<unsigned>((*mask)[column / 8]) >> (column % 8) & 1U) != 0) {
      own.push_back(column);
    } else if (const auto value = in.take<double>()) {
      row[column] = *value;
    } else {
      return Unexpected(std::string("they are cut off"));
    }
  }
  // A file may say that every column is shared: then heads cost it nothing, and are limited here.
  constexpr std::size_t kMostNumbers = std::size_t{1} << 23;
  if (header->heads * row.size() > kMostNumbers ||
      in.left() != own.size() * sizeof(double) * header->heads) {
    return Unexpected(std::string("they are cut off"));
  }
  std::vector<HeadScores> heads(header->heads);
  ReadIo io;
  io.with_lifts = (header->flags & kWithLifts) != 0;
  for (HeadScores& head : heads) {
    for (const std::size_t column : own) {
      row[column] = *in.take<double>();
    }
    io.next = row.data();
    ScoreColumns<ReadIo>(io, header->n_rows, header->n_broadcasts).visit(head);
  }
  if (!io.is_good) {
    return Unexpected(std::string("a number is out of range"));
  }
  return heads;
}

std::vector<std::string> scoreColumns(std::size_t n_rows, std::size_t n_broadcasts,
                                      bool with_lifts) {
  NameIo io;
  io.with_lifts = with_lifts;
  HeadScores head;
  ScoreColumns<NameIo>(io, n_rows, n_broadcasts).visit(head);
  return std::move(io.names);
}

}  // namespace anchorlens::core
