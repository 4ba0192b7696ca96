#include "cli/formats.h"

#include <filesystem>
#include <functional>
#include <map>

#include "base/text.h"
#include "cli/command.h"
#include "report/github.h"
#include "report/html.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "report/sarif.h"
#include "report/tap.h"
#include "report/text.h"

namespace sandproof::cli {

namespace {

using Results = std::vector<CheckResult>;

const std::vector<std::string> known_formats = {"text", "json",     "junit", "sarif",
                                                "tap",  "markdown", "html",  "github"};

struct Wanted {
  std::string format;
  std::string file;  // "" for standard output
};

Wanted wanted_of(const std::string& text, const FormatOptions& options) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return {text, options.output};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::vector<Wanted> all_wanted(const FormatOptions& options) {
  std::vector<Wanted> all;
  for (const auto& text : options.wanted) all.push_back(wanted_of(text, options));
  if (all.empty()) all.push_back({"text", options.output});
  return all;
}

// The git work tree around the working folder, which is what a path in a repository is relative to.
report::Checkout checkout() {
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  for (auto folder = here; !error; folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".git", error)) return {folder.string(), here.string()};
    if (folder == folder.parent_path()) break;
  }
  // Without one the working folder is all that a path can be relative to.
  return {here.string(), here.string()};
}

std::string text_of(const Results& results, const FormatOptions& options, const std::string& file) {
  std::string text;
  for (const auto& result : results) {
    if (!text.empty()) text += '\n';
    text += report::text_report(result, {wants_colour(file), options.verbose, terminal_width()});
  }
  return text;
}

std::string report_of(const Wanted& wanted, const Results& results, const FormatOptions& options) {
  const std::map<std::string, std::function<std::string()>> reports = {
      {"text", [&] { return text_of(results, options, wanted.file); }},
      {"json", [&] { return report::json_report(results); }},
      {"junit", [&] { return report::junit_report(results); }},
      {"sarif",
       [&] {
         return report::sarif_report(results, {SANDPROOF_VERSION, checkout()});
       }},
      {"tap", [&] { return report::tap_report(results); }},
      {"markdown", [&] { return report::markdown_report(results); }},
      {"html", [&] { return report::html_report(results); }},
      {"github", [&] { return report::github_report(results, checkout()); }},
  };
  return reports.at(wanted.format)();
}

}  // namespace

void add_format_options(CLI::App& command, FormatOptions& options) {
  command
      .add_option("--format", options.wanted,
                  "How to say it; several ways, each into a file of its own, as in --format "
                  "junit=out.xml")
      ->allow_extra_args(false)
      ->type_name("{" + join(known_formats, ",") + "}[=FILE]")
      ->default_str("text");
  add_output_option(command, options.output);
  command.add_flag("-v,--verbose", options.verbose,
                   "Show every attempt with its four cells, in text");
}

Result<void> check_formats(const FormatOptions& options) {
  std::map<std::string, std::string> format_of;
  for (const auto& wanted : all_wanted(options)) {
    if (std::find(known_formats.begin(), known_formats.end(), wanted.format) ==
        known_formats.end()) {
      return bad_input("--format: \"" + wanted.format + "\" is none of " +
                       join(known_formats, ", "));
    }
    const auto [other, is_new] = format_of.emplace(wanted.file, wanted.format);
    if (!is_new) {
      const auto where = wanted.file.empty() ? "standard output" : wanted.file;
      return bad_input("--format: " + other->second + " and " + wanted.format + " both go to " +
                       where + ": give each a file, as in --format junit=out.xml");
    }
  }
  return {};
}

Result<void> write_formats(const Results& results, const FormatOptions& options) {
  for (const auto& wanted : all_wanted(options)) {
    if (auto written = write_result(report_of(wanted, results, options), wanted.file); !written) {
      return written.error();
    }
  }
  return {};
}

}  // namespace sandproof::cli
