// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/safetensors_header.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <set>

namespace anchorlens::core {
namespace {

struct DTypeInfo {
  DType dtype;
  std::string_view name;
  std::size_t size;
};
constexpr std::array<DTypeInfo, 5> kDTypes{{{DType::F32, "F32", 4},
                                            {DType::F64, "F64", 8},
                                            {DType::I64, "I64", 8},
                                            {DType::BF16, "BF16", 2},
                                            {DType::U8, "U8", 1}}};

const DTypeInfo& infoOf(DType dtype) {
  return *std::find_if(kDTypes.begin(), kDTypes.end(),
                       [dtype](const DTypeInfo& info) { return info.dtype == dtype; });
}

std::string printable(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  return name.size() <= kLongest ? std::string(name)
                                 : std::string(name.substr(0, kLongest)) + "...";
}

/// Takes the events of the JSON reader, so that nothing but what is wanted is ever built, however
/// deep or large a hostile header is. Every event returns whether to go on.
class HeaderReader {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return unexpected("null"); }
  bool boolean(bool) { return unexpected("a truth value"); }
  bool number_float(number_float_t, const string_t&) {
    return unexpected("a fraction or a number without end");
  }
  bool binary(binary_t&) { return unexpected("binary data"); }
  bool number_integer(number_integer_t) { return unexpected("a negative number"); }
  bool number_unsigned(number_unsigned_t value);
  bool string(string_t& value);
  bool start_object(std::size_t);
  bool end_object();
  bool start_array(std::size_t);
  bool end_array();
  bool key(string_t& name);
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) {
    return fail("it is no valid JSON at byte " + std::to_string(position));
  }

  const std::string& error() const { return m_error; }
  SafetensorsHeader take() { return std::move(m_header); }

 private:
  enum class Place { Outside, Top, Metadata, Tensor, Shape, Offsets };

  bool fail(std::string sentence) {
    if (m_error.empty()) {
      m_error = std::move(sentence);
    }
    return false;
  }
  bool unexpected(const std::string& what) {
    return fail("it has " + what + " where that cannot be" +
                (m_name.empty() ? std::string() : " (at " + printable(m_name) + ")"));
  }
  bool finishTensor();

  Place m_place = Place::Outside;
  std::string m_name;   ///< of the tensor, or __metadata__
  std::string m_field;  ///< inside it
  std::set<std::string, std::less<>> m_names;
  std::set<std::string, std::less<>> m_fields;
  TensorEntry m_entry;
  std::vector<std::uint64_t> m_offsets;
  SafetensorsHeader m_header;
  std::string m_error;
};

bool HeaderReader::number_unsigned(number_unsigned_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return fail("the number " + std::to_string(value) + " of " + printable(m_name) +
                " is too large");
  }
  if (m_place == Place::Shape) {
    constexpr std::size_t kMostAxes = 16;
    if (m_entry.shape.shape.size() == kMostAxes) {
      return fail("the tensor " + printable(m_name) + " has more than 16 axes");
    }
    m_entry.shape.shape.push_back(static_cast<std::int64_t>(value));
    return true;
  }
  if (m_place == Place::Offsets && m_offsets.size() < 2) {
    m_offsets.push_back(value);
    return true;
  }
  return unexpected("a number");
}

bool HeaderReader::string(string_t& value) {
  if (m_place == Place::Metadata) {
    m_header.metadata[m_field] = std::move(value);
    return true;
  }
  if (m_place == Place::Tensor && m_field == "dtype") {
    const auto* const found =
        std::find_if(kDTypes.begin(), kDTypes.end(),
                     [&value](const DTypeInfo& info) { return info.name == value; });
    if (found == kDTypes.end()) {
      return fail("the tensor " + printable(m_name) + " has the type " + printable(value) +
                  "; F32, F64, I64, BF16 and U8 can be read");
    }
    m_entry.shape.dtype = found->dtype;
    return true;
  }
  return unexpected("a text");
}

bool HeaderReader::start_object(std::size_t) {
  switch (m_place) {
    case Place::Outside:
      m_place = Place::Top;
      return true;
    case Place::Top:
      m_fields.clear();
      m_offsets.clear();
      m_entry = {};
      m_entry.shape.name = m_name;
      m_place = m_name == "__metadata__" ? Place::Metadata : Place::Tensor;
      return true;
    default:
      return unexpected("an object");
  }
}

bool HeaderReader::key(string_t& name) {
  if (m_place == Place::Top) {
    m_name = name;
    return m_names.insert(name).second || fail("the name " + printable(name) + " is there twice");
  }
  m_field = name;
  if (!m_fields.insert(name).second) {
    return fail("the field " + printable(name) + " of " + printable(m_name) + " is there twice");
  }
  if (m_place == Place::Tensor && name != "dtype" && name != "shape" && name != "data_offsets") {
    return fail("the tensor " + printable(m_name) + " has an unknown field " + printable(name));
  }
  return true;
}

bool HeaderReader::start_array(std::size_t) {
  if (m_place == Place::Tensor && m_field != "dtype") {
    m_place = m_field == "shape" ? Place::Shape : Place::Offsets;
    return true;
  }
  return unexpected("a list");
}

bool HeaderReader::end_array() {
  m_place = Place::Tensor;
  return true;
}

bool HeaderReader::end_object() {
  if (m_place == Place::Tensor && !finishTensor()) {
    return false;
  }
  m_place = m_place == Place::Top ? Place::Outside : Place::Top;
  return true;
}

bool HeaderReader::finishTensor() {
  for (const char* field : {"dtype", "shape", "data_offsets"}) {
    if (!m_fields.contains(field)) {
      return fail("the tensor " + printable(m_name) + " has no " + field);
    }
  }
  if (m_offsets.size() != 2) {
    return fail("the tensor " + printable(m_name) + " has no pair of offsets");
  }
  m_entry.begin = m_offsets[0];
  m_entry.end = m_offsets[1];
  const auto bytes = tensorBytes(m_entry.shape.dtype, m_entry.shape.shape);
  if (!bytes || m_entry.end < m_entry.begin || m_entry.end - m_entry.begin != *bytes) {
    return fail("the tensor " + printable(m_name) + " of shape " + shapeText(m_entry.shape.shape) +
                " and type " + std::string(dtypeName(m_entry.shape.dtype)) + " needs " +
                (bytes ? std::to_string(*bytes) : std::string("too many")) +
                " bytes, but its offsets are " + std::to_string(m_entry.begin) + " to " +
                std::to_string(m_entry.end));
  }
  m_header.tensors.push_back(std::move(m_entry));
  return true;
}

/// Tensors follow each other from 0 to the end of the file.
std::optional<std::string> coverageError(const std::vector<TensorEntry>& tensors,
                                         std::uint64_t data_bytes) {
  std::uint64_t at = 0;
  for (const TensorEntry& tensor : tensors) {
    if (tensor.begin != at) {
      return "the tensor " + printable(tensor.shape.name) + " begins at byte " +
             std::to_string(tensor.begin) + " of the data, " +
             (tensor.begin < at ? "inside the one before it, which ends at "
                                : "which leaves a gap after byte ") +
             std::to_string(at);
    }
    at = tensor.end;
  }
  if (at != data_bytes) {
    return "its tensors need " + std::to_string(at) + " bytes of data, but the file has " +
           std::to_string(data_bytes);
  }
  return {};
}

}  // namespace

std::size_t dtypeSize(DType dtype) {
  return infoOf(dtype).size;
}
std::string_view dtypeName(DType dtype) {
  return infoOf(dtype).name;
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
  if (shape.empty()) {
    return "one number";
  }
  std::string text;
  for (const std::int64_t axis : shape) {
    text += (text.empty() ? "" : " \u00d7 ") + std::to_string(axis);
  }
  return text;
}

std::optional<std::uint64_t> tensorBytes(DType dtype, const std::vector<std::int64_t>& shape) {
  std::uint64_t bytes = dtypeSize(dtype);
  for (const std::int64_t axis : shape) {
    if (axis < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(axis), &bytes)) {
      return {};
    }
  }
  return bytes;
}

Expected<SafetensorsHeader, std::string> parseSafetensorsHeader(std::string_view text,
                                                                std::uint64_t data_bytes) {
  HeaderReader reader;
  if (!nlohmann::json::sax_parse(text, &reader)) {
    return Unexpected(reader.error().empty() ? std::string("it is no valid JSON") : reader.error());
  }
  SafetensorsHeader header = reader.take();
  std::stable_sort(header.tensors.begin(), header.tensors.end(),
                   [](const TensorEntry& a, const TensorEntry& b) {
                     return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
                   });
  if (auto error = coverageError(header.tensors, data_bytes)) {
    return Unexpected(std::move(*error));
  }
  return header;
}

std::string writeSafetensorsHeader(const SafetensorsHeader& header) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!header.metadata.empty()) {
    json["__metadata__"] = header.metadata;
  }
  for (const TensorEntry& tensor : header.tensors) {
    json[tensor.shape.name] = {{"dtype", dtypeName(tensor.shape.dtype)},
                               {"shape", tensor.shape.shape},
                               {"data_offsets", {tensor.begin, tensor.end}}};
  }
  // Text that is not UTF-8 must not end the program: it is replaced.
  std::string text = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace anchorlens::core
