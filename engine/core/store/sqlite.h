// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/core/expected.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite with errors as values. Objects belong to one thread.
namespace anchorlens::core {

struct SqlError {
  int code = 0;  ///< extended result code
  std::string message;

  bool isDiskFull() const;
  bool isDamaged() const;  ///< the file is no database, or a broken one
  /// As a sentence about this database.
  IoError about(const std::filesystem::path& database) const;
};
template <typename T>
using SqlResult = Expected<T, SqlError>;

/// A prepared statement. Parameters count from 1, columns from 0. What is bound must live until the
/// statement has run.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);  ///< SQLite keeps NaN as NULL
  Statement& bind(int parameter, std::string_view value);
  Statement& bind(int parameter, std::span<const std::byte> value);

  /// True: a row is there; false: done.
  SqlResult<bool> step();
  /// To the end, ready to be bound and run again.
  SqlResult<void> run();
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;  ///< NULL is NaN
  std::string text(int column) const;
  std::span<const std::byte> blob(int column) const;  ///< until the next step

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* statement) : m_statement(statement) {}
  sqlite3_stmt* m_statement = nullptr;
};

class Database {
 public:
  struct Options {
    bool is_read_only = false;
    bool may_create = false;
    bool is_immutable = false;   ///< nobody changes the file: no locks, no other files
    bool has_no_locks = false;   ///< the caller's own lock is enough (network file systems)
    int busy_timeout_ms = 3000;  ///< how long to wait for other connections' locks
  };
  static SqlResult<Database> open(const std::filesystem::path& file, const Options& options);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  SqlResult<Statement> prepare(std::string_view sql);
  /// Several statements without parameters or results.
  SqlResult<void> execute(const std::string& sql);
  /// One row, one column.
  SqlResult<std::int64_t> queryInteger(std::string_view sql);
  SqlResult<std::string> queryText(std::string_view sql);

  /// Takes back a transaction that is open, if one is.
  void rollback();

 private:
  explicit Database(sqlite3* handle) : m_handle(handle) {}
  SqlError lastError() const;
  sqlite3* m_handle = nullptr;
};

}  // namespace anchorlens::core
