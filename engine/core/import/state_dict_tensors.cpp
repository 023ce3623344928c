// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/state_dict_tensors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace anchorlens::core {
namespace {

using Kind = PickleValue::Kind;
using Failure = Unexpected<std::string>;

// --- elements ---

template <typename T>
T load(std::span<const std::byte> data, std::size_t index) {
  T value{};
  std::memcpy(&value, data.data() + index * sizeof(T), sizeof value);
  return value;
}

float fromBFloat16(std::uint16_t bits) {
  const std::uint32_t wide = std::uint32_t{bits} << 16;
  float value = 0;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

/// IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits.
float fromHalf(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const int fraction = bits & 0x3FF;
  float value = 0;
  if (exponent == 0x1F) {
    value = fraction == 0 ? std::numeric_limits<float>::infinity()
                          : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    value = std::ldexp(static_cast<float>(fraction | 0x400), exponent - 25);
  }
  return (bits & 0x8000) != 0 ? -value : value;
}

float elementAt(const ForeignTensor& tensor, std::size_t index) {
  switch (tensor.type) {
    case ElementType::Float:
      return load<float>(tensor.data, index);
    case ElementType::Double:
      return static_cast<float>(load<double>(tensor.data, index));
    case ElementType::Half:
      return fromHalf(load<std::uint16_t>(tensor.data, index));
    case ElementType::BFloat16:
      return fromBFloat16(load<std::uint16_t>(tensor.data, index));
    case ElementType::Long:
      return static_cast<float>(load<std::int64_t>(tensor.data, index));
    case ElementType::Int:
      return static_cast<float>(load<std::int32_t>(tensor.data, index));
    case ElementType::Short:
      return static_cast<float>(load<std::int16_t>(tensor.data, index));
    case ElementType::Char:
      return static_cast<float>(load<std::int8_t>(tensor.data, index));
    case ElementType::Byte:
    case ElementType::Bool:
      return static_cast<float>(load<std::uint8_t>(tensor.data, index));
  }
  return 0;
}

// --- places ---

/// Index of the last element, and the number of elements; empty when they are more than `limit`.
struct Extent {
  std::uint64_t last = 0;
  std::uint64_t count = 1;
};
std::optional<Extent> extentOf(const PickleValue& tensor, std::uint64_t limit) {
  Extent extent;
  for (const std::int64_t size : tensor.shape) {
    if (size == 0) {
      return Extent{0, 0};
    }
  }
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto size = static_cast<std::uint64_t>(tensor.shape[i]);
    const auto stride = static_cast<std::uint64_t>(tensor.strides[i]);
    if (size > limit / extent.count || (stride > 0 && size - 1 > limit / stride)) {
      return std::nullopt;
    }
    extent.count *= size;
    extent.last += (size - 1) * stride;
    if (extent.last > limit) {
      return std::nullopt;
    }
  }
  return extent;
}

std::uint64_t countOf(const ForeignTensor& tensor) {
  std::uint64_t count = 1;
  for (const std::int64_t size : tensor.shape) {
    count *= static_cast<std::uint64_t>(size);
  }
  return count;
}

class Reader {
 public:
  Reader(const Pickle& pickle, const std::vector<ZipEntry>& entries, std::string folder)
      : m_pickle(pickle), m_folder(std::move(folder)) {
    for (const ZipEntry& entry : entries) {
      m_entries.emplace(entry.name, entry.data);
      m_bytes += entry.data.size();
    }
  }

  /// The tensors of one dict; other values in it are left out.
  Expected<std::vector<ForeignTensor>, std::string> tensorsOfDict(const PickleValue& dict) const {
    // Tensors may share a storage, but not so that a small file would take hours.
    const std::uint64_t most = kUsualNumbers + kNumbersPerByte * m_bytes;
    std::vector<ForeignTensor> tensors;
    std::set<std::string_view> names;
    std::uint64_t numbers = 0;
    for (std::size_t i = 0; i < dict.items.size(); i += 2) {
      const PickleValue& key = m_pickle.values[dict.items[i]];
      const PickleValue& value = m_pickle.values[dict.items[i + 1]];
      if (value.kind != Kind::Tensor) {
        continue;
      }
      if (key.kind != Kind::Text) {
        return Failure("a tensor has a name that is no text");
      }
      if (!names.insert(key.text).second) {
        return Failure("the tensor " + printable(key.text) + " is there twice");
      }
      auto tensor = tensorOf(key.text, value);
      if (!tensor) {
        return Failure("the tensor " + printable(key.text) + " " + tensor.error());
      }
      numbers += countOf(*tensor);
      if (numbers > most) {
        return Failure("its tensors have more than " + std::to_string(most) +
                       " numbers in all, for which its " + std::to_string(m_bytes) +
                       " bytes are too few; expected tensors with numbers of their own");
      }
      tensors.push_back(std::move(*tensor));
    }
    return tensors;
  }

 private:
  Expected<ForeignTensor, std::string> tensorOf(const std::string& name,
                                                const PickleValue& value) const {
    const PickleValue& storage = m_pickle.values[value.storage];
    const auto found = m_entries.find(m_folder + "data/" + storage.text);
    if (found == m_entries.end()) {
      return Failure("lies in " + printable(m_folder + "data/" + storage.text) +
                     ", which is not in the file");
    }
    const std::uint64_t there = found->second.size() / elementSize(storage.type);
    const auto said = static_cast<std::uint64_t>(storage.integer);
    if (said > there) {
      return Failure("lies in a storage of " + std::to_string(said) +
                     " elements, but the file has " + std::to_string(there));
    }
    const auto offset = static_cast<std::uint64_t>(value.integer);
    const auto extent = extentOf(value, said);
    if (!extent || (extent->count > 0 && (offset >= said || extent->last > said - 1 - offset))) {
      return Failure("reaches beyond its storage of " + std::to_string(said) + " elements");
    }
    const std::size_t first = extent->count > 0 ? offset * elementSize(storage.type) : 0;
    return ForeignTensor{name, storage.type, value.shape, value.strides,
                         found->second.subspan(first)};
  }

  static constexpr std::uint64_t kUsualNumbers = 10'000'000;
  static constexpr std::uint64_t kNumbersPerByte = 8;

  const Pickle& m_pickle;
  std::string m_folder;
  std::uint64_t m_bytes = 0;  ///< of all entries
  std::unordered_map<std::string, std::span<const std::byte>> m_entries;
};

bool hasTensors(const Pickle& pickle, const PickleValue& dict) {
  for (std::size_t i = 1; i < dict.items.size(); i += 2) {
    if (pickle.values[dict.items[i]].kind == Kind::Tensor) {
      return true;
    }
  }
  return false;
}

/// The dict with the tensors: the root, or the only one in it.
Expected<const PickleValue*, std::string> findDict(const Pickle& pickle) {
  const PickleValue& root = pickle.values[pickle.root];
  if (root.kind != Kind::Dict) {
    return Failure("it holds no dict of tensors; save model.state_dict()");
  }
  if (hasTensors(pickle, root)) {
    return &root;
  }
  std::set<std::uint32_t> found;
  for (std::size_t i = 1; i < root.items.size(); i += 2) {
    const PickleValue& value = pickle.values[root.items[i]];
    if (value.kind == Kind::Dict && hasTensors(pickle, value)) {
      found.insert(root.items[i]);
    }
  }
  if (found.size() != 1) {
    return Failure(found.empty() ? "it holds no tensors"
                                 : "it holds several dicts of tensors; save model.state_dict()");
  }
  return &pickle.values[*found.begin()];
}

void dropWrapper(std::vector<ForeignTensor>& tensors, std::string_view prefix) {
  const bool all = std::all_of(tensors.begin(), tensors.end(), [&](const ForeignTensor& tensor) {
    return tensor.name.starts_with(prefix);
  });
  for (ForeignTensor& tensor : tensors) {
    tensor.name.erase(0, all ? prefix.size() : 0);
  }
}

}  // namespace

std::vector<float> toFloats(const ForeignTensor& tensor, const std::vector<std::size_t>& axes) {
  std::vector<std::size_t> order = axes;
  for (std::size_t i = order.size(); i < tensor.shape.size(); ++i) {
    order.push_back(i);
  }
  std::vector<std::size_t> shape;
  std::vector<std::size_t> strides;
  std::size_t count = 1;
  for (const std::size_t axis : order) {
    shape.push_back(static_cast<std::size_t>(tensor.shape[axis]));
    strides.push_back(static_cast<std::size_t>(tensor.strides[axis]));
    count *= shape.back();
  }
  std::vector<float> values(count);
  std::vector<std::size_t> place(shape.size(), 0);
  std::size_t index = 0;
  for (float& value : values) {
    value = elementAt(tensor, index);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      index += strides[axis];
      if (++place[axis] < shape[axis]) {
        break;
      }
      index -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return values;
}

Expected<std::vector<ForeignTensor>, std::string> tensorsOf(const std::vector<ZipEntry>& entries) {
  constexpr std::string_view kPickle = "data.pkl";
  const ZipEntry* pickle_entry = nullptr;
  for (const ZipEntry& entry : entries) {
    const bool is_it = entry.name == kPickle || entry.name.ends_with("/data.pkl");
    if (is_it && pickle_entry != nullptr) {
      return Failure("it has two entries named data.pkl");
    }
    pickle_entry = is_it ? &entry : pickle_entry;
  }
  if (pickle_entry == nullptr) {
    return Failure("it has no entry data.pkl: it is no file of torch.save");
  }
  const std::string folder =
      pickle_entry->name.substr(0, pickle_entry->name.size() - kPickle.size());
  for (const ZipEntry& entry : entries) {
    const std::string_view order(reinterpret_cast<const char*>(entry.data.data()),
                                 entry.data.size());
    if (entry.name == folder + "byteorder" && order != "little") {
      return Failure("its numbers are not little-endian");
    }
    if (entry.name == folder + "constants.pkl" || entry.name.starts_with(folder + "code/")) {
      return Failure("it is a TorchScript program; save model.state_dict()");
    }
  }
  const auto pickle = readPickle(pickle_entry->data);
  if (!pickle) {
    return Failure("data.pkl, " + pickle.error());
  }
  const auto dict = findDict(*pickle);
  if (!dict) {
    return Failure(dict.error());
  }
  auto tensors = Reader(*pickle, entries, folder).tensorsOfDict(**dict);
  if (tensors) {
    dropWrapper(*tensors, "_orig_mod.");
    dropWrapper(*tensors, "module.");
  }
  return tensors;
}

ForeignTensor wholeTensor(const Tensor& tensor) {
  ForeignTensor whole{tensor.name, ElementType::Float, tensor.shape, {}, tensor.data};
  switch (tensor.dtype) {
    case DType::F32:
      break;
    case DType::F64:
      whole.type = ElementType::Double;
      break;
    case DType::I64:
      whole.type = ElementType::Long;
      break;
    case DType::BF16:
      whole.type = ElementType::BFloat16;
      break;
    case DType::U8:
      whole.type = ElementType::Byte;
      break;
  }
  whole.strides.resize(tensor.shape.size());
  std::int64_t stride = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    whole.strides[i] = stride;
    stride *= tensor.shape[i];
  }
  return whole;
}

}  // namespace anchorlens::core
