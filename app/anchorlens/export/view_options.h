// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <CLI/CLI.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace anchorlens::app {

/// Declares options that some views of `anchorlens render` have and others do not. Style and
/// thresholds of labels are no such options: any view takes them.
class ViewOptions {
 public:
  explicit ViewOptions(CLI::App& app) : m_app(app) {}

  /// A flag when the value is a bool. The description is put behind the names of the views.
  template <typename T>
  CLI::Option* add(const QStringList& views, const std::string& name, T& value,
                   const std::string& description) {
    const std::string text = views.join(QStringLiteral(", ")).toStdString() + ": " + description;
    if constexpr (std::is_same_v<T, bool>)
      m_options.emplace_back(m_app.add_flag(name, value, text), views);
    else
      m_options.emplace_back(m_app.add_option(name, value, text), views);
    return m_options.back().first;
  }

  /// Names the options on the command line that this view does not have, one a line, and the views
  /// that do; empty when there are none.
  QString problem(const QString& view) const;

 private:
  CLI::App& m_app;
  std::vector<std::pair<CLI::Option*, QStringList>> m_options;
};

}  // namespace anchorlens::app
