// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/npy_reader.h"

#include "engine/core/import/state_dict.h"
#include "engine/core/import/zip_reader.h"
#include "engine/core/store/byte_stream.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

namespace anchorlens::core {
namespace {

using Failure = Unexpected<std::string>;
constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::uintmax_t kLargestLog = std::uintmax_t{64} << 20;
constexpr std::size_t kMostAxes = 3;

std::string_view textOf(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// What stands behind 'key': in the header, a Python dict that NumPy writes in one way.
std::optional<std::string_view> valueOf(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "':";
  const std::size_t found = header.find(quoted);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = header.substr(found + quoted.size());
  rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(' ')));
  return rest;
}

/// "(3, 4)", "(3,)" or "()"
std::optional<std::vector<std::int64_t>> shapeOf(std::string_view text) {
  if (text.empty() || text.front() != '(' || text.find(')') == std::string_view::npos) {
    return std::nullopt;
  }
  text = text.substr(1, text.find(')') - 1);
  std::vector<std::int64_t> shape;
  while (!text.empty()) {
    std::int64_t size = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc{} || size < 0 || shape.size() == kMostAxes) {
      return std::nullopt;
    }
    shape.push_back(size);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t next = text.find_first_not_of(", ");
    text.remove_prefix(std::min(text.size(), next));
  }
  return shape;
}

template <typename T>
std::vector<double> convert(std::span<const std::byte> bytes, std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value{};
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof value);
    values[i] = static_cast<double>(value);
  }
  return values;
}

Expected<NumberArray, std::string> parseValues(std::string_view type,
                                               std::vector<std::int64_t> shape,
                                               std::span<const std::byte> bytes) {
  const std::size_t width = type == "<f4" || type == "<i4" ? 4 : 8;
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) {
    // At most as many as there are bytes, so that the product stays small.
    if (count > 0 && static_cast<std::uint64_t>(size) > bytes.size() / count) {
      return Failure("its shape needs more bytes than it has");
    }
    count *= static_cast<std::uint64_t>(size);
  }
  if (count * width != bytes.size()) {
    return Failure("its shape needs " + std::to_string(count * width) + " bytes, but it has " +
                   std::to_string(bytes.size()));
  }
  NumberArray array{std::move(shape), {}};
  if (type == "<f4") {
    array.values = convert<float>(bytes, count);
  } else if (type == "<f8") {
    array.values = convert<double>(bytes, count);
  } else if (type == "<i4") {
    array.values = convert<std::int32_t>(bytes, count);
  } else if (type == "<i8") {
    array.values = convert<std::int64_t>(bytes, count);
  } else {
    return Failure("its numbers are of type " + printable(type) +
                   "; <f4, <f8, <i4 and <i8 can be read");
  }
  return array;
}

Expected<NumberArray, std::string> parseText(std::string_view text) {
  NumberArray array;
  std::size_t line_number = 0;
  while (!text.empty()) {
    ++line_number;
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      continue;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (error != std::errc{} || end != line.data() + line.size()) {
      return Failure("line " + std::to_string(line_number) + " is no number");
    }
    array.values.push_back(value);
  }
  array.shape = {static_cast<std::int64_t>(array.values.size())};
  return array;
}

}  // namespace

double NumberArray::rowMean(std::size_t i) const {
  const std::size_t width = rows() == 0 ? 0 : values.size() / rows();
  double sum = 0;
  for (std::size_t j = 0; j < width; ++j) {
    sum += values[i * width + j];
  }
  return sum / static_cast<double>(width);
}

Expected<NumberArray, std::string> parseNpy(std::span<const std::byte> bytes) {
  ByteReader in(bytes);
  const auto magic = in.take(kMagic.size());
  const auto version = in.take<std::uint16_t>();
  if (!magic || textOf(*magic) != kMagic || !version) {
    return Failure("it is no .npy file");
  }
  if (*version != 1 && *version != 2) {
    return Failure("it is a .npy file of an unknown version");
  }
  const std::optional<std::uint32_t> size =
      *version == 1 ? std::optional<std::uint32_t>(in.take<std::uint16_t>())
                    : in.take<std::uint32_t>();
  const auto header_bytes = size ? in.take(*size) : std::nullopt;
  if (!header_bytes) {
    return Failure("its header is cut off");
  }
  const std::string_view header = textOf(*header_bytes);
  const auto descriptor = valueOf(header, "descr");
  const auto order = valueOf(header, "fortran_order");
  const auto shape_text = valueOf(header, "shape");
  const auto shape = shape_text ? shapeOf(*shape_text) : std::nullopt;
  if (!descriptor || descriptor->size() < 2 || descriptor->front() != '\'' || !order || !shape) {
    return Failure("its header is not NumPy's");
  }
  if (!order->starts_with("False")) {
    return Failure("its columns come first (fortran_order)");
  }
  const std::string_view type = descriptor->substr(1, descriptor->find('\'', 1) - 1);
  return parseValues(type, *shape, *in.take(in.left()));
}

Expected<NumberArray, IoError> readNumbers(const std::filesystem::path& file) {
  const auto bytes = readForeignFile(file, kLargestLog);
  if (!bytes) {
    return Unexpected(bytes.error());
  }
  const bool is_npy = textOf(*bytes).starts_with(kMagic);
  auto numbers = is_npy ? parseNpy(*bytes) : parseText(textOf(*bytes));
  if (!numbers) {
    return Unexpected(IoError{file.string(), "The log cannot be read: " + numbers.error() + "."});
  }
  return std::move(*numbers);
}

}  // namespace anchorlens::core
