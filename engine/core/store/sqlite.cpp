// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/sqlite.h"

#include <cerrno>
#include <limits>
#include <sqlite3.h>
#include <system_error>
#include <utility>

namespace anchorlens::core {
namespace {

SqlError errorOf(sqlite3* handle, int code) {
  SqlError error{code, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)};
  if (handle != nullptr && (code & 0xFF) == SQLITE_IOERR) {
    if (const int reason = sqlite3_system_errno(handle); reason != 0) {
      error.message += " (" + std::generic_category().message(reason) + ")";
    }
  }
  return error;
}

/// A file name as URI: everything but letters, digits and a few signs is escaped.
std::string uriOf(const std::filesystem::path& file, const Database::Options& options) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::error_code ignored;
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file, ignored).string()) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_';
    if (is_plain) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += kHex[byte >> 4U];
      uri += kHex[byte & 15U];
    }
  }
  uri += "?";
  uri += options.is_immutable ? "immutable=1&" : "";
  uri += options.has_no_locks ? "nolock=1&" : "";
  return uri;
}

}  // namespace

bool SqlError::isDiskFull() const {
  return (code & 0xFF) == SQLITE_FULL;
}

bool SqlError::isDamaged() const {
  return (code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB;
}

IoError SqlError::about(const std::filesystem::path& database) const {
  if (isDiskFull()) {
    return {database.string(),
            "The database cannot be written: the disk is full; make room and it is tried again."};
  }
  if (isDamaged()) {
    return {database.string(), "The database is damaged: " + message + "."};
  }
  return {database.string(), "The database cannot be used: " + message + "."};
}

Statement::Statement(Statement&& other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(m_statement, other.m_statement);
  return *this;
}

Statement::~Statement() {
  sqlite3_finalize(m_statement);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(m_statement, parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  sqlite3_bind_double(m_statement, parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
  sqlite3_bind_text64(m_statement, parameter, value.data() != nullptr ? value.data() : "",
                      value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int parameter, std::span<const std::byte> value) {
  sqlite3_bind_blob64(m_statement, parameter, value.data(), value.size(), SQLITE_STATIC);
  return *this;
}

SqlResult<bool> Statement::step() {
  const int code = sqlite3_step(m_statement);
  if (code == SQLITE_ROW || code == SQLITE_DONE) {
    return code == SQLITE_ROW;
  }
  return Unexpected(errorOf(sqlite3_db_handle(m_statement), code));
}

SqlResult<void> Statement::run() {
  while (true) {
    const auto row = step();
    if (!row || !*row) {
      reset();
      return row ? SqlResult<void>() : SqlResult<void>(Unexpected(row.error()));
    }
  }
}

void Statement::reset() {
  sqlite3_reset(m_statement);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const {
  return sqlite3_column_type(m_statement, column) == SQLITE_NULL
             ? std::numeric_limits<double>::quiet_NaN()
             : sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
  const int bytes = sqlite3_column_bytes(m_statement, column);
  return text == nullptr ? std::string() : std::string(text, static_cast<std::size_t>(bytes));
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
  const int bytes = sqlite3_column_bytes(m_statement, column);
  return {data, data == nullptr ? 0 : static_cast<std::size_t>(bytes)};
}

SqlResult<Database> Database::open(const std::filesystem::path& file, const Options& options) {
  int flags =
      SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  flags |= options.is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  flags |= options.may_create ? SQLITE_OPEN_CREATE : 0;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(uriOf(file, options).c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) {
    return Unexpected(errorOf(handle, code));
  }
  sqlite3_busy_timeout(handle, options.busy_timeout_ms);
  // A file from elsewhere is data: nothing that its schema says is run.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  if (auto set = database.execute("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0"); !set) {
    return Unexpected(set.error());
  }
  return database;
}

Database::Database(Database&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(m_handle, other.m_handle);
  return *this;
}

Database::~Database() {
  sqlite3_close_v2(m_handle);
}

SqlError Database::lastError() const {
  return errorOf(m_handle, sqlite3_extended_errcode(m_handle));
}

SqlResult<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(m_handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    return Unexpected(lastError());
  }
  return Statement(statement);
}

SqlResult<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Unexpected(lastError());
  }
  return {};
}

SqlResult<std::int64_t> Database::queryInteger(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return Unexpected(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return Unexpected(row.error());
  }
  return *row ? statement->integer(0) : 0;
}

SqlResult<std::string> Database::queryText(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return Unexpected(statement.error());
  }
  const auto row = statement->step();
  if (!row) {
    return Unexpected(row.error());
  }
  return *row ? statement->text(0) : std::string();
}

void Database::rollback() {
  if (sqlite3_get_autocommit(m_handle) == 0) {
    sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace anchorlens::core
