// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/crc32.h"
#include "engine/core/store/file_io.h"
#include "engine/core/store/npz_parts.h"
#include "engine/core/task/sample_sink.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <limits>
#include <span>
#include <unistd.h>
#include <utility>
#include <vector>

namespace anchorlens::core {
namespace fs = std::filesystem;
namespace {

constexpr double kLargest = std::numeric_limits<std::uint32_t>::max();

/// Bytes that are kept on disk until the file can be put together. The file has no name, so that
/// nothing is left of it whatever happens.
class Spool {
 public:
  static Expected<Spool, IoError> create(const fs::path& beside) {
    Spool spool;
    const fs::path name = temporaryName(beside);
    spool.m_file = beside;
    spool.m_fd = FileDescriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!spool.m_fd.isOpen()) {
      return Unexpected(systemError(beside, "The file cannot be written", errno));
    }
    ::unlink(name.c_str());
    return spool;
  }

  Expected<void, IoError> write(std::span<const std::byte> bytes) {
    m_size += bytes.size();
    while (!bytes.empty()) {
      const ssize_t written = ::write(m_fd.get(), bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) {
        return Unexpected(systemError(m_file, "The file cannot be written", errno));
      }
      bytes = bytes.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
    return {};
  }

  std::uint64_t size() const { return m_size; }

  /// Calls take(bytes) for all of it, from the start; what `take` returns ends it if it is an
  /// error.
  using Take = std::function<Expected<void, IoError>(std::span<const std::byte>)>;
  Expected<void, IoError> read(const Take& take) const {
    std::vector<std::byte> buffer(std::size_t{1} << 18);
    for (std::uint64_t at = 0; at < m_size;) {
      const ssize_t n = ::pread(m_fd.get(), buffer.data(), buffer.size(), static_cast<off_t>(at));
      if (n == 0 || (n < 0 && errno != EINTR)) {
        return Unexpected(
            systemError(m_file, "The temporary file cannot be read", n < 0 ? errno : EIO));
      }
      const auto length = n < 0 ? std::size_t{0} : static_cast<std::size_t>(n);
      if (auto taken = take(std::span(buffer).first(length)); !taken) {
        return taken;
      }
      at += length;
    }
    return {};
  }

 private:
  Spool() = default;
  fs::path m_file;
  FileDescriptor m_fd;
  std::uint64_t m_size = 0;
};

/// One array of the file.
struct Column {
  std::string name;
  std::string descriptor;
  std::vector<std::int64_t> inner;  ///< shape behind the first axis
  std::int64_t value_bytes = 1;     ///< of one step along the first axis
  Spool spool;
};

/// Splits have no fixed width in memory.
std::vector<std::uint8_t> splitNumbers(const SequenceSet& set) {
  std::vector<std::uint8_t> numbers;
  for (const Split split : set.splits) {
    numbers.push_back(split == Split::Train ? 0 : 1);
  }
  return numbers;
}

IoError tooLarge(const fs::path& file, double bytes) {
  return {file.string(), "The samples need " + std::to_string(std::llround(bytes / 1e9)) +
                             " GB, and an NPZ file holds at most 4.3 GB; draw fewer, or write "
                             "CSV or JSON Lines"};
}

class NpzSink : public SampleSink {
 public:
  NpzSink(const Task& task, fs::path file) : m_task(task), m_file(std::move(file)) {}

  Expected<void, IoError> open() {
    const std::int64_t width = m_task.seqLen();
    const std::vector<std::int64_t> row{width};
    struct Kind {
      const char* name;
      const char* descriptor;
      std::vector<std::int64_t> inner;
      std::int64_t bytes;
    };
    const Kind kinds[] = {
        {"tokens", "<i4", row, 4 * width}, {"roles", "|u1", row, width},
        {"targets", "<i4", {}, 4},         {"lengths", "<i4", {}, 4},
        {"splits", "|u1", {}, 1},          {"groups", "<i4", {}, 4},
        {"forms", "<i2", {}, 2},           {"answer_counts", "<i4", {}, 4},
        {"answers", "<i4", {}, 4},         {"probabilities", "<f8", {}, 8},
    };
    for (const Kind& kind : kinds) {
      auto spool = Spool::create(m_file);
      if (!spool) {
        return Unexpected(spool.error());
      }
      m_columns.push_back({kind.name, kind.descriptor, kind.inner, kind.bytes, std::move(*spool)});
    }
    return {};
  }

  Expected<void, IoError> add(const SequenceSet& set) override {
    std::vector<std::int32_t> counts;
    std::vector<std::int32_t> answers;
    std::vector<double> probabilities;
    for (std::size_t i = 0; i < set.size(); ++i) {
      counts.push_back(static_cast<std::int32_t>(set.answersOf(i).size()));
      for (const Answer& answer : set.answersOf(i)) {
        answers.push_back(answer.token);
        probabilities.push_back(answer.p);
      }
    }
    const std::vector<std::uint8_t> splits = splitNumbers(set);
    const auto bytes = [](const auto& values) { return std::as_bytes(std::span(values)); };
    const std::array all{bytes(set.tokens),   bytes(set.roles), bytes(set.targets),
                         bytes(set.lengths),  bytes(splits),    bytes(set.groups),
                         bytes(set.forms),    bytes(counts),    bytes(answers),
                         bytes(probabilities)};
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (auto written = m_columns[i].spool.write(all[i]); !written) {
        return written;
      }
    }
    return {};
  }

  Expected<bool, IoError> finish(const std::stop_token& stop) override {
    auto file = AtomicFile::create(m_file);
    if (!file) {
      return Unexpected(file.error());
    }
    for (const Column& column : m_columns) {
      if (stop.stop_requested()) {
        return false;
      }
      if (auto written = writeColumn(*file, column); !written) {
        return Unexpected(written.error());
      }
    }
    if (auto written = writeNames(*file); !written) {
      return Unexpected(written.error());
    }
    auto done = file->write(m_zip.directory());
    done = done ? file->commit() : done;
    return done ? Expected<bool, IoError>(true) : Unexpected(done.error());
  }

 private:
  Expected<void, IoError> writeColumn(AtomicFile& file, const Column& column) {
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(column.spool.size()) /
                                    column.value_bytes};
    shape.insert(shape.end(), column.inner.begin(), column.inner.end());
    const std::string header = npyHeader(column.descriptor, shape);
    std::uint32_t crc = crc32(0, std::as_bytes(std::span(header)));
    auto done = column.spool.read([&](std::span<const std::byte> bytes) {
      crc = crc32(crc, bytes);
      return Expected<void, IoError>();
    });
    const std::uint64_t size = header.size() + column.spool.size();
    m_total += static_cast<double>(size);
    if (m_total > kLargest) {
      return Unexpected(tooLarge(m_file, m_total));
    }
    done = done ? file.write(m_zip.entry(column.name + ".npy", crc, size) + header) : done;
    return done ? column.spool.read(
                      [&](std::span<const std::byte> bytes) { return file.write(bytes); })
                : done;
  }

  /// What the numbers in roles, splits and groups stand for.
  Expected<void, IoError> writeNames(AtomicFile& file) {
    std::vector<std::string> roles;
    for (const RoleInfo& role : m_task.roles()) {
      roles.push_back(role.name);
    }
    std::vector<std::string> groups;
    for (const GroupInfo& group : m_task.groups()) {
      groups.push_back(group.name);
    }
    const std::pair<const char*, std::vector<std::string>> lists[] = {
        {"role_names.npy", roles},
        {"split_names.npy", {"train", "test"}},
        {"group_names.npy", groups}};
    for (const auto& [name, texts] : lists) {
      const NpyTexts array = npyTexts(texts);
      const std::string data =
          npyHeader(array.descriptor, {static_cast<std::int64_t>(texts.size())}) + array.values;
      const std::uint32_t crc = crc32(0, std::as_bytes(std::span(data)));
      if (auto written = file.write(m_zip.entry(name, crc, data.size()) + data); !written) {
        return written;
      }
    }
    return {};
  }

  const Task& m_task;
  fs::path m_file;
  std::vector<Column> m_columns;
  ZipParts m_zip;
  double m_total = 1 << 16;  ///< headers and names
};

}  // namespace

OpenedSink openNpz(const Task& task, const fs::path& file, std::int64_t n) {
  // At least one answer each.
  const double bytes = static_cast<double>(n) * (5.0 * task.seqLen() + 4 + 4 + 1 + 4 + 2 + 4 + 12);
  if (bytes > kLargest) {
    return Unexpected(tooLarge(file, bytes));
  }
  auto sink = std::make_unique<NpzSink>(task, file);
  if (auto opened = sink->open(); !opened) {
    return Unexpected(opened.error());
  }
  return OpenedSink(std::move(sink));
}

}  // namespace anchorlens::core
