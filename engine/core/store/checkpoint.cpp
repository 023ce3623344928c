// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/checkpoint.h"

#include "engine/core/store/crc32.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/safetensors_header.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

/// As in the reference implementation of the format.
constexpr std::uint64_t kLongestHeader = 100'000'000;
constexpr const char* kChecksumKey = "crc32";
constexpr std::string_view kChecksumMark = "\"crc32\":\"";
constexpr std::size_t kChecksumDigits = 8;

std::string hexDigits(std::uint32_t value) {
  std::array<char, kChecksumDigits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%08x", value);
  return digits.data();
}

/// The eight digits of the checksum inside the header's text. Inside a JSON string a quote is
/// always escaped, so the mark is found in its own place only.
std::optional<std::size_t> checksumPosition(std::string_view header) {
  const std::size_t found = header.find(kChecksumMark);
  if (found == std::string_view::npos ||
      header.size() < found + kChecksumMark.size() + kChecksumDigits) {
    return {};
  }
  return found + kChecksumMark.size();
}

/// The checksum is over the header, with zeros for its own digits, and the data.
std::uint32_t headerChecksum(std::string header) {
  if (const auto position = checksumPosition(header)) {
    header.replace(*position, kChecksumDigits, kChecksumDigits, '0');
  }
  return crc32(0, std::as_bytes(std::span(header)));
}

std::span<const std::byte> asBytes(const std::uint64_t& value) {
  return std::as_bytes(std::span(&value, 1));
}

/// A file opened for reading, with its header.
struct OpenedFile {
  FileDescriptor fd;
  std::string header_text;
  SafetensorsHeader header;
};

IoError damaged(const fs::path& file, const std::string& why) {
  return {file.string(), "The file is no complete safetensors file: " + why + "."};
}

Expected<void, IoError> readExactly(const FileDescriptor& fd, const fs::path& file,
                                    std::span<std::byte> into) {
  constexpr std::size_t kLargestRead = std::size_t{1} << 30;
  while (!into.empty()) {
    const ssize_t got = ::read(fd.get(), into.data(), std::min(into.size(), kLargestRead));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Unexpected(systemError(file, "The file cannot be read", errno));
    }
    if (got == 0) {
      return Unexpected(damaged(file, "it became shorter while it was read"));
    }
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

Expected<OpenedFile, IoError> openSafetensors(const fs::path& file) {
  OpenedFile opened;
  opened.fd = FileDescriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!opened.fd.isOpen() || ::fstat(opened.fd.get(), &info) != 0) {
    return Unexpected(systemError(file, "The file cannot be read", errno));
  }
  if (!S_ISREG(info.st_mode)) {
    return Unexpected(IoError{file.string(), "This is no file."});
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  std::uint64_t header_size = 0;
  if (size < sizeof header_size) {
    return Unexpected(damaged(file, "it has " + std::to_string(size) + " bytes"));
  }
  if (auto read = readExactly(opened.fd, file, std::as_writable_bytes(std::span(&header_size, 1)));
      !read) {
    return Unexpected(read.error());
  }
  if (header_size > size - sizeof header_size || header_size > kLongestHeader) {
    return Unexpected(damaged(file, "its header should have " + std::to_string(header_size) +
                                        " bytes, but the file has " + std::to_string(size) +
                                        " and 100000000 is the limit"));
  }
  opened.header_text.resize(header_size);
  if (auto read =
          readExactly(opened.fd, file, std::as_writable_bytes(std::span(opened.header_text)));
      !read) {
    return Unexpected(read.error());
  }
  auto header = parseSafetensorsHeader(opened.header_text, size - sizeof header_size - header_size);
  if (!header) {
    return Unexpected(damaged(file, header.error()));
  }
  opened.header = std::move(*header);
  return opened;
}

/// The header of a checkpoint, with places for the tensors in this order.
SafetensorsHeader layOut(const std::map<std::string, std::string>& metadata,
                         const std::vector<const Tensor*>& order) {
  SafetensorsHeader header;
  header.metadata = metadata;
  header.metadata[kChecksumKey] = std::string(kChecksumDigits, '0');
  std::uint64_t at = 0;
  for (const Tensor* tensor : order) {
    TensorEntry entry;
    entry.shape = {tensor->name, tensor->dtype, tensor->shape};
    entry.begin = at;
    entry.end = at += tensor->data.size();
    header.tensors.push_back(std::move(entry));
  }
  return header;
}

/// Wide types first, so that every tensor lies aligned.
std::vector<const Tensor*> writingOrder(std::span<const Tensor> tensors) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : tensors) {
    order.push_back(&tensor);
  }
  std::stable_sort(order.begin(), order.end(), [](const Tensor* a, const Tensor* b) {
    return dtypeSize(a->dtype) > dtypeSize(b->dtype);
  });
  return order;
}

}  // namespace

const Tensor* Checkpoint::find(std::string_view name) const {
  const auto found = std::find_if(tensors.begin(), tensors.end(),
                                  [name](const Tensor& tensor) { return tensor.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

Expected<void, IoError> writeSafetensors(const fs::path& file, const Checkpoint& checkpoint) {
  return writeSafetensors(file, checkpoint.metadata, checkpoint.tensors);
}

Expected<void, IoError> writeSafetensors(const fs::path& file,
                                         const std::map<std::string, std::string>& metadata,
                                         std::span<const Tensor> tensors) {
  const std::vector<const Tensor*> order = writingOrder(tensors);
  std::string header = writeSafetensorsHeader(layOut(metadata, order));
  std::uint32_t checksum = headerChecksum(header);
  std::uint64_t data_bytes = 0;
  for (const Tensor* tensor : order) {
    checksum = crc32(checksum, tensor->data);
    data_bytes += tensor->data.size();
  }
  header.replace(*checksumPosition(header), kChecksumDigits, hexDigits(checksum));
  // What could not be read back must not be written: a name given twice, a shape that is wrong.
  if (auto check = parseSafetensorsHeader(header, data_bytes); !check) {
    return Unexpected(IoError{file.string(), "Nothing was written: " + check.error() + "."});
  }

  auto opened = AtomicFile::create(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  const std::uint64_t header_size = header.size();
  if (auto written = opened->write(asBytes(header_size)); !written) {
    return written;
  }
  if (auto written = opened->write(header); !written) {
    return written;
  }
  for (const Tensor* tensor : order) {
    if (auto written = opened->write(tensor->data); !written) {
      return written;
    }
  }
  return opened->commit();
}

Expected<Checkpoint, IoError> readSafetensors(const fs::path& file) {
  auto opened = openSafetensors(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  Checkpoint checkpoint;
  checkpoint.metadata = std::move(opened->header.metadata);
  std::uint32_t checksum = headerChecksum(opened->header_text);
  for (TensorEntry& entry : opened->header.tensors) {
    Tensor tensor{std::move(entry.shape.name), entry.shape.dtype, std::move(entry.shape.shape), {}};
    tensor.data.resize(entry.end - entry.begin);
    if (auto read = readExactly(opened->fd, file, tensor.data); !read) {
      return Unexpected(read.error());
    }
    checksum = crc32(checksum, tensor.data);
    checkpoint.tensors.push_back(std::move(tensor));
  }
  if (const auto position = checksumPosition(opened->header_text)) {
    const std::string expected = opened->header_text.substr(*position, kChecksumDigits);
    if (expected != hexDigits(checksum)) {
      return Unexpected(IoError{file.string(), "The file is damaged: its checksum is " +
                                                   hexDigits(checksum) + ", but its header says " +
                                                   expected + "."});
    }
    checkpoint.metadata.erase(kChecksumKey);
  }
  return checkpoint;
}

Expected<std::map<std::string, std::string>, IoError> readSafetensorsMetadata(
    const fs::path& file) {
  auto opened = openSafetensors(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  opened->header.metadata.erase(kChecksumKey);
  return std::move(opened->header.metadata);
}

Expected<std::vector<TensorShape>, IoError> readSafetensorsShapes(const fs::path& file) {
  auto opened = openSafetensors(file);
  if (!opened) {
    return Unexpected(opened.error());
  }
  std::vector<TensorShape> shapes;
  for (TensorEntry& entry : opened->header.tensors) {
    shapes.push_back(std::move(entry.shape));
  }
  return shapes;
}

Expected<void, IoError> checkTensors(const fs::path& file, const Checkpoint& checkpoint,
                                     const std::vector<TensorShape>& expected) {
  std::map<std::string_view, const Tensor*> there;
  for (const Tensor& tensor : checkpoint.tensors) {
    there[tensor.name] = &tensor;
  }
  std::vector<std::string> problems;
  for (const TensorShape& wanted : expected) {
    const auto found = there.find(wanted.name);
    if (found == there.end()) {
      problems.push_back("The tensor " + wanted.name + " is missing.");
      continue;
    }
    const Tensor& tensor = *found->second;
    there.erase(found);
    if (tensor.dtype != wanted.dtype) {
      problems.push_back("The tensor " + wanted.name + " has type " +
                         std::string(dtypeName(tensor.dtype)) + ", expected " +
                         std::string(dtypeName(wanted.dtype)) + ".");
    } else if (tensor.shape != wanted.shape) {
      problems.push_back("The tensor " + wanted.name + " has shape " + shapeText(tensor.shape) +
                         ", expected " + shapeText(wanted.shape) + ".");
    } else if (tensorBytes(tensor.dtype, tensor.shape) != tensor.data.size()) {
      problems.push_back("The tensor " + wanted.name + " has " +
                         std::to_string(tensor.data.size()) +
                         " bytes, which is not what its shape needs.");
    }
  }
  for (const auto& [name, tensor] : there) {
    problems.push_back("The tensor " + std::string(name) + " is not one of this model.");
  }
  if (problems.empty()) {
    return {};
  }
  std::string message = problems.front();
  if (problems.size() > 1) {
    message += " " + std::to_string(problems.size() - 1) + " more " +
               (problems.size() == 2 ? "tensor does" : "tensors do") + " not fit.";
  }
  return Unexpected(IoError{file.string(), message + " Nothing was loaded."});
}

}  // namespace anchorlens::core
