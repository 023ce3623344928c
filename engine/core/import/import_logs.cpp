// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/import/import_logs.h"

#include "engine/core/import/npy_reader.h"

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <system_error>

namespace anchorlens::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kMostEpochs = 10'000'000;

class Logs {
 public:
  Logs(std::filesystem::path folder, std::int64_t steps_per_epoch)
      : m_folder(std::move(folder)), m_steps_per_epoch(steps_per_epoch) {}

  /// Empty when the file is not there.
  Expected<std::optional<NumberArray>, IoError> read(const std::string& name) const {
    std::error_code code;
    const std::filesystem::path file = m_folder / (name + ".npy");
    if (!std::filesystem::exists(file, code)) {
      return std::optional<NumberArray>();
    }
    auto numbers = readNumbers(file);
    if (!numbers) {
      return Unexpected(numbers.error());
    }
    return std::optional<NumberArray>(std::move(*numbers));
  }

  /// Row i belongs to the epoch epochs[i], or to epoch i when there are none.
  Expected<void, IoError> add(const std::string& name, double ImportedLogRow::*field,
                              const std::optional<NumberArray>& epochs) {
    const auto numbers = read(name);
    if (!numbers) {
      return Unexpected(numbers.error());
    }
    const std::size_t rows = *numbers ? (*numbers)->rows() : 0;
    if (rows > 0 && epochs && epochs->values.size() != rows) {
      return Unexpected(IoError{(m_folder / (name + ".npy")).string(),
                                "The log has " + std::to_string(rows) + " rows, but " +
                                    std::to_string(epochs->values.size()) + " epochs are named."});
    }
    for (std::size_t i = 0; i < rows; ++i) {
      const double epoch = epochs ? epochs->values[i] : static_cast<double>(i);
      if (!(epoch >= 0 && epoch < kMostEpochs)) {
        return Unexpected(IoError{(m_folder / (name + ".npy")).string(),
                                  "The log names an epoch that cannot be."});
      }
      rowOf((static_cast<std::int64_t>(epoch) + 1) * m_steps_per_epoch).*field =
          (*numbers)->rowMean(i);
    }
    return {};
  }

  std::vector<ImportedLogRow> take() const {
    std::vector<ImportedLogRow> rows;
    for (const auto& [step, row] : m_rows) {
      rows.push_back(row);
    }
    return rows;
  }

 private:
  ImportedLogRow& rowOf(std::int64_t step) {
    return m_rows.try_emplace(step, ImportedLogRow{step, kNone, kNone, kNone, kNone}).first->second;
  }

  std::filesystem::path m_folder;
  std::int64_t m_steps_per_epoch = 1;
  std::map<std::int64_t, ImportedLogRow> m_rows;
};

}  // namespace

Expected<std::vector<ImportedLogRow>, IoError> readPaperLogs(const std::filesystem::path& run,
                                                             std::int64_t steps_per_epoch) {
  Logs logs(run / "loss", steps_per_epoch);
  const auto epochs = logs.read("acc_epoch_his");
  if (!epochs) {
    return Unexpected(epochs.error());
  }
  struct Source {
    const char* name;
    double ImportedLogRow::*field;
    bool by_epochs;
  };
  // Accuracies over the data that are trained; older runs keep those of each kind of data alone.
  const Source sources[] = {
      {"train_loss_his", &ImportedLogRow::train_loss, false},
      {"test_loss_his", &ImportedLogRow::test_loss, false},
      {"train_acc_his", &ImportedLogRow::train_accuracy, true},
      {"test_acc_his", &ImportedLogRow::test_accuracy, true},
      {"acc_train_unmask_his", &ImportedLogRow::train_accuracy, true},
      {"acc_test_unmask_his", &ImportedLogRow::test_accuracy, true},
  };
  for (const Source& source : sources) {
    if (source.by_epochs && !*epochs) {
      continue;
    }
    if (auto added = logs.add(source.name, source.field,
                              source.by_epochs ? *epochs : std::optional<NumberArray>());
        !added) {
      return Unexpected(added.error());
    }
  }
  return logs.take();
}

}  // namespace anchorlens::core
