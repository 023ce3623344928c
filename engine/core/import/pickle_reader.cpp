// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/pickle_reader.h"

#include "engine/core/import/pickle_names.h"
#include "engine/core/import/zip_reader.h"
#include "engine/core/store/byte_stream.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace anchorlens::core {
namespace {

using Kind = PickleValue::Kind;

/// Thrown inside this file alone; readPickle makes an error of it.
struct Refused {
  std::string why;
};

[[noreturn]] void refuse(const std::string& why) {
  throw Refused{why};
}

/// The stack machine of a pickle, on indices of values. References to values stay valid while
/// others are made.
class Machine {
 public:
  explicit Machine(std::span<const std::byte> bytes) : m_all(bytes.size()), m_in(bytes) {}

  Pickle run() {
    while (step()) {
      m_opcode_at = m_all - m_in.left();
    }
    m_pickle.root = pop();
    if (!m_stack.empty() || !m_marks.empty()) {
      refuse("it ends with more than one value");
    }
    return std::move(m_pickle);
  }
  std::size_t place() const { return m_opcode_at; }

 private:
  // --- what comes in ---

  template <typename T>
  T take() {
    const auto value = m_in.take<T>();
    if (!value) {
      refuse("the pickle is cut off");
    }
    return *value;
  }
  std::string_view takeText(std::size_t size) {
    const auto bytes = m_in.take(size);
    if (!bytes) {
      refuse("a text should have " + std::to_string(size) + " bytes, more than there are");
    }
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  }
  std::string takeLine() {
    constexpr std::size_t kLongest = 200;
    std::string line;
    for (char c = take<char>(); c != '\n'; c = take<char>()) {
      line += c;
      if (line.size() > kLongest) {
        refuse("a name is longer than 200 bytes");
      }
    }
    return line;
  }
  std::int64_t takeLong() {
    const auto size = take<std::uint8_t>();
    if (size > sizeof(std::int64_t)) {
      refuse("an integer has " + std::to_string(size) + " bytes; 8 are the limit");
    }
    std::uint64_t value = 0;
    std::uint8_t last = 0;
    for (unsigned i = 0; i < size; ++i) {
      last = take<std::uint8_t>();
      value |= std::uint64_t{last} << (8 * i);
    }
    if ((last & 0x80U) != 0 && size < sizeof value) {
      value |= ~std::uint64_t{0} << (8 * size);
    }
    return static_cast<std::int64_t>(value);
  }
  double takeReal() {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) {
      bits = bits << 8 | take<std::uint8_t>();
    }
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  // --- the stack ---

  PickleValue& make(Kind kind) {
    if (m_pickle.values.size() >= kMaxPickleValues) {
      refuse("it has more than " + std::to_string(kMaxPickleValues) + " values");
    }
    m_stack.push_back(static_cast<std::uint32_t>(m_pickle.values.size()));
    PickleValue& value = m_pickle.values.emplace_back();
    value.kind = kind;
    return value;
  }
  PickleValue& at(std::uint32_t index) { return m_pickle.values[index]; }
  std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }
  std::uint32_t pop() {
    if (m_stack.size() <= floor()) {
      refuse("it takes a value that is not there");
    }
    const std::uint32_t top = m_stack.back();
    m_stack.pop_back();
    return top;
  }
  std::uint32_t top() {
    const std::uint32_t value = pop();
    m_stack.push_back(value);
    return value;
  }
  std::vector<std::uint32_t> popToMark() {
    if (m_marks.empty()) {
      refuse("a mark is missing");
    }
    const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<std::uint32_t> items(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    m_marks.pop_back();
    return items;
  }
  void makeTuple(std::size_t count) {
    std::vector<std::uint32_t> items(count);
    for (std::size_t i = count; i-- > 0;) {
      items[i] = pop();
    }
    make(Kind::Tuple).items = std::move(items);
  }
  void remember(std::uint32_t key) {
    if (m_memo.size() >= kMaxPickleValues) {
      refuse("it remembers more than " + std::to_string(kMaxPickleValues) + " values");
    }
    m_memo[key] = top();
  }
  void recall(std::uint32_t key) {
    const auto found = m_memo.find(key);
    if (found == m_memo.end()) {
      refuse("it recalls value " + std::to_string(key) + ", which it has not remembered");
    }
    m_stack.push_back(found->second);
  }
  /// Adds to the list or dict below `items`.
  void add(Kind kind, const std::vector<std::uint32_t>& items) {
    PickleValue& container = at(top());
    if (container.kind != kind) {
      refuse(kind == Kind::List ? "it adds to what is no list" : "it adds to what is no dict");
    }
    if (kind == Kind::Dict && items.size() % 2 != 0) {
      refuse("a dict has a key without a value");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
  }

  // --- what tensors are made of ---

  void pushName() {
    const std::string module = takeLine();
    const std::string name = module + " " + takeLine();
    if (!isKnownName(name)) {
      std::string shown = printable(name);
      std::replace(shown.begin(), shown.end(), ' ', '.');
      refuse("it names " + shown + ", which is none of a tensor's; nothing was executed");
    }
    make(Kind::Global).text = name;
  }

  const PickleValue& item(const PickleValue& tuple, std::size_t i, Kind kind, const char* what) {
    const PickleValue& value = at(tuple.items[i]);
    if (value.kind != kind) {
      refuse(std::string(what) + " is of the wrong kind");
    }
    return value;
  }

  /// ("storage", type, key, place, number of elements)
  void makeStorage() {
    const PickleValue& tuple = at(pop());
    if (tuple.kind != Kind::Tuple || tuple.items.size() < 5 || tuple.items.size() > 6 ||
        item(tuple, 0, Kind::Text, "what stands outside").text != "storage") {
      refuse("it refers to something outside that is no storage");
    }
    const auto type = storageType(item(tuple, 1, Kind::Global, "the type of a storage").text);
    const std::int64_t count = item(tuple, 4, Kind::Integer, "the size of a storage").integer;
    if (!type || count < 0) {
      refuse("a storage has " + (type ? std::to_string(count) + " elements" : "no known type"));
    }
    const std::string key = item(tuple, 2, Kind::Text, "the key of a storage").text;
    PickleValue& storage = make(Kind::Storage);
    storage.type = *type;
    storage.integer = count;
    storage.text = key;
  }

  std::vector<std::int64_t> numbers(const PickleValue& tuple, const char* what) {
    if (tuple.items.size() > kMaxAxes) {
      refuse(std::string(what) + " has " + std::to_string(tuple.items.size()) +
             " axes; 8 are the limit");
    }
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < tuple.items.size(); ++i) {
      values.push_back(item(tuple, i, Kind::Integer, what).integer);
      if (values.back() < 0) {
        refuse(std::string(what) + " has a negative number, " + std::to_string(values.back()));
      }
    }
    return values;
  }

  /// (storage, offset, shape, strides, requires_grad, hooks[, metadata])
  void makeTensor(const PickleValue& tuple) {
    if (tuple.items.size() < 6 || tuple.items.size() > 7) {
      refuse("a tensor is made of " + std::to_string(tuple.items.size()) + " values, not 6 or 7");
    }
    PickleValue tensor;
    item(tuple, 0, Kind::Storage, "the storage of a tensor");
    tensor.kind = Kind::Tensor;
    tensor.storage = tuple.items[0];
    tensor.integer = item(tuple, 1, Kind::Integer, "the offset of a tensor").integer;
    tensor.shape = numbers(item(tuple, 2, Kind::Tuple, "a shape"), "a shape");
    tensor.strides = numbers(item(tuple, 3, Kind::Tuple, "a tensor's strides"), "a stride");
    if (tensor.integer < 0 || tensor.shape.size() != tensor.strides.size()) {
      refuse("offset, shape and strides of a tensor do not fit");
    }
    make(Kind::Tensor) = std::move(tensor);
  }

  void reduce() {
    const PickleValue& tuple = at(pop());
    const PickleValue& function = at(pop());
    if (function.kind != Kind::Global || tuple.kind != Kind::Tuple) {
      refuse("it calls what is no function");
    }
    if (function.text == kOrderedDict) {
      if (!tuple.items.empty()) {
        refuse("an OrderedDict is made of values, which is not known here");
      }
      make(Kind::Dict);
    } else if (function.text == kRebuildTensor) {
      makeTensor(tuple);
    } else if (function.text == kRebuildParameter && !tuple.items.empty()) {
      item(tuple, 0, Kind::Tensor, "the data of a parameter");
      m_stack.push_back(tuple.items[0]);
    } else {
      refuse("it calls " + printable(function.text) + ", which makes nothing here");
    }
  }

  /// Attributes of an OrderedDict (a state dict's _metadata) are of no use here.
  void build() {
    pop();
    if (at(top()).kind != Kind::Dict) {
      refuse("it sets attributes of what is no dict");
    }
  }

  /// One opcode; false at the end.
  bool step() {
    const auto opcode = take<std::uint8_t>();
    if (m_opcode_at == 0 && opcode != 0x80) {
      refuse("it is no pickle of protocol 2");
    }
    switch (opcode) {
      case 0x80:  // PROTO
        if (const auto protocol = take<std::uint8_t>(); protocol != 2) {
          refuse("it is a pickle of protocol " + std::to_string(protocol) + ", not 2");
        }
        return true;
      case '.':
        return false;
      case '(':
        m_marks.push_back(m_stack.size());
        return true;
      case 'c':
        pushName();
        return true;
      case 'R':
        reduce();
        return true;
      case 'b':
        build();
        return true;
      case 'Q':
        makeStorage();
        return true;
      default:
        if (!stepOfValue(opcode) && !stepOfContainer(opcode)) {
          refuse("the opcode " + opcodeName(opcode) + " is none of a state dict's");
        }
        return true;
    }
  }

  bool stepOfValue(std::uint8_t opcode) {
    switch (opcode) {
      case 'N':
        make(Kind::None);
        return true;
      case 0x88:
      case 0x89:
        make(Kind::Bool).integer = opcode == 0x88 ? 1 : 0;
        return true;
      case 'K':
        integer(take<std::uint8_t>());
        return true;
      case 'M':
        integer(take<std::uint16_t>());
        return true;
      case 'J':
        integer(take<std::int32_t>());
        return true;
      case 0x8a:
        integer(takeLong());
        return true;
      case 'G': {
        const double value = takeReal();
        make(Kind::Real).real = value;
        return true;
      }
      case 'X': {
        const std::string_view text = takeText(take<std::uint32_t>());
        make(Kind::Text).text = text;
        return true;
      }
      default:
        return false;
    }
  }

  bool stepOfContainer(std::uint8_t opcode) {
    switch (opcode) {
      case '}':
        make(Kind::Dict);
        return true;
      case ']':
        make(Kind::List);
        return true;
      case ')':
      case 0x85:
      case 0x86:
      case 0x87:
        makeTuple(opcode == ')' ? 0 : opcode - 0x84U);
        return true;
      case 't': {
        auto items = popToMark();
        make(Kind::Tuple).items = std::move(items);
        return true;
      }
      case 'a': {
        const std::uint32_t value = pop();
        add(Kind::List, {value});
        return true;
      }
      case 'e':
        add(Kind::List, popToMark());
        return true;
      case 's': {
        const std::uint32_t value = pop();
        const std::uint32_t key = pop();
        add(Kind::Dict, {key, value});
        return true;
      }
      case 'u':
        add(Kind::Dict, popToMark());
        return true;
      case 'q':
        remember(take<std::uint8_t>());
        return true;
      case 'r':
        remember(take<std::uint32_t>());
        return true;
      case 'h':
        recall(take<std::uint8_t>());
        return true;
      case 'j':
        recall(take<std::uint32_t>());
        return true;
      default:
        return false;
    }
  }

  void integer(std::int64_t value) { make(Kind::Integer).integer = value; }

  std::size_t m_all = 0;
  std::size_t m_opcode_at = 0;
  ByteReader m_in;
  Pickle m_pickle;
  std::vector<std::uint32_t> m_stack;
  std::vector<std::size_t> m_marks;
  std::unordered_map<std::uint32_t, std::uint32_t> m_memo;
};

}  // namespace

Expected<Pickle, std::string> readPickle(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxPickleBytes) {
    return Unexpected("it has " + std::to_string(bytes.size()) + " bytes, more than the " +
                      std::to_string(kMaxPickleBytes) + " that are read");
  }
  Machine machine(bytes);
  try {
    return machine.run();
  } catch (const Refused& refused) {
    return Unexpected("at byte " + std::to_string(machine.place()) + ": " + refused.why);
  }
}

}  // namespace anchorlens::core
