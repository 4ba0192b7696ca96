#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/command.h"
#include "cli/regressions.h"
#include "regression/compare.h"
#include "regression/read.h"
#include "report/layout.h"

namespace sandproof::cli {

namespace {

using Json = nlohmann::ordered_json;
using regression::Change;
using regression::Comparison;

struct Options {
  std::string before;
  std::string after;
  std::string format = "text";
  std::string output;
};

Result<std::vector<CheckResult>> read(const std::string& file) {
  const auto text = read_input(file);
  if (!text) return text.error();
  return regression::read_results(*text, file);
}

// "held → leaked"
std::string step(const Change& change) {
  if (change.before.empty()) return change.after;
  if (change.after.empty()) return "was " + change.before;
  return change.before + " → " + change.after;
}

std::string as_text(const Comparison& comparison) {
  std::string text;
  std::map<Change::Kind, int> counts;
  for (const auto& change : comparison.changes) {
    ++counts[change.kind];
    const auto what = change.attempt.empty() ? "" : ": " + change.attempt;
    text += report::pad(to_string(change.kind), 6) + "  " +
            report::printable(change.unit + "  " + change.directive + what) + "  " + step(change) +
            "\n";
    std::string why = change.file;
    if (!why.empty() && change.line > 0) why += ":" + std::to_string(change.line);
    if (!change.reason.empty()) why += (why.empty() ? "" : ": ") + change.reason;
    if (!why.empty()) text += "        " + report::printable(why) + "\n";
  }
  for (const auto& unit : comparison.units_gone) {
    text += "gone    " + report::printable(unit) + "  the whole unit\n";
  }
  for (const auto& unit : comparison.units_added) {
    text += "added   " + report::printable(unit) + "  the whole unit\n";
  }
  for (const auto& note : comparison.notes) text += "note    " + report::printable(note) + "\n";

  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [kind, count] : counts) {
    parts.push_back(std::to_string(count) + " " + to_string(kind));
  }
  if (!text.empty()) text += "\n";
  return text + (parts.empty() ? "No directive has changed." : join(parts, ", ")) + "\n";
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string as_json(const Comparison& comparison) {
  Json changes = Json::array();
  for (const auto& change : comparison.changes) {
    changes.push_back({{"kind", to_string(change.kind)},
                       {"unit", change.unit},
                       {"directive", change.directive},
                       {"attempt", text_or_null(change.attempt)},
                       {"before", text_or_null(change.before)},
                       {"after", text_or_null(change.after)},
                       {"file", text_or_null(change.file)},
                       {"line", change.line == 0 ? Json(nullptr) : Json(change.line)},
                       {"reason", text_or_null(change.reason)},
                       {"finding", change.is_finding}});
  }
  const Json json = {{"schema", "sandproof/diff/1"},
                     {"changes", std::move(changes)},
                     {"units_gone", comparison.units_gone},
                     {"units_added", comparison.units_added},
                     {"notes", comparison.notes}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int diff(const Options& options) {
  const auto before = read(options.before);
  if (!before) return fail(before.error());
  const auto after = read(options.after);
  if (!after) return fail(after.error());
  const auto comparison = regression::compare(*before, *after);
  const auto text = options.format == "json" ? as_json(comparison) : as_text(comparison);
  if (auto written = write_result(text, options.output); !written) return fail(written.error());
  return comparison.has_finding() || !comparison.units_gone.empty() ? finding : all_held;
}

}  // namespace

void add_diff(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand(
      "diff", "What got worse, and what better, from one result (--format json) to another?");
  command->add_option("BEFORE", options->before, "The earlier result")->required();
  command->add_option("AFTER", options->after, "The later result")->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->callback([options, &status] { status = diff(*options); });
}

}  // namespace sandproof::cli
