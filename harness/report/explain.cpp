#include "report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/layout.h"

namespace sandproof::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view plain = "\x1b[0m";

class Text {
 public:
  explicit Text(const TextOptions& options) : options_(options) {}

  // A paragraph, wrapped, its later lines under the first.
  void paragraph(const std::string& text, const std::string& indent = "  ",
                 const std::string& first = {}) {
    const auto width = static_cast<std::size_t>(std::max(options_.width, 60));
    std::string lead = first.empty() ? indent : first;
    for (const auto& line : wrap(printable(text), width - indent.size())) {
      text_ += lead + line + "\n";
      lead = indent;
    }
  }
  void heading(const std::string& text, std::string_view colour = bold) {
    if (!text_.empty()) text_ += "\n";
    text_ += paint(printable(text), colour) + "\n";
  }
  // As it is to be copied.
  void verbatim(const std::string& line) { text_ += "    " + printable(line) + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  std::string paint(const std::string& text, std::string_view colour) const {
    return options_.colour && !colour.empty() ? std::string(colour) + text + std::string(plain)
                                              : text;
  }

  const TextOptions& options_;
  std::string text_;
};

std::string ending(const Explanation& explanation) {
  if (!explanation.step.empty() && explanation.status) {
    return fmt::format("{}/{}", *explanation.status, explanation.step);
  }
  if (!explanation.signal.empty()) return explanation.signal;
  if (explanation.result == "exit-code" && explanation.status) {
    return fmt::format("exit status {}", *explanation.status);
  }
  return explanation.result;
}

std::string with_equals(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const auto& name : names) result.push_back(name + "=");
  return join(result, " and ");
}

std::string where(const std::string& file, int line) {
  return line == 0 ? file : fmt::format("{}:{}", file, line);
}

void tell_blame(const Explanation& explanation, Text& text) {
  if (explanation.culprits.empty()) {
    const bool is_all = explanation.untried.empty();
    text.heading(is_all ? "It is not the sandbox" : "It is none of the directives that were tried");
    text.paragraph(is_all ? "The unit does not start either with all of its directives taken away."
                          : "The unit does not start either with all of those taken away.");
    return;
  }
  text.heading("To blame");
  for (const auto& set : explanation.culprits) {
    text.paragraph(fmt::format("without {} it starts", with_equals(set)), "    ", "  - ");
  }
  for (const auto& place : explanation.places) {
    std::string line =
        fmt::format("{}={}  {}", place.directive, place.value, where(place.file, place.line));
    if (!place.overrides.empty()) line += ", overrides " + join(place.overrides, ", ");
    text.paragraph(line, "      ", "    ");
  }
  for (const auto& narrowed : explanation.narrowed) {
    text.paragraph(fmt::format("of {}=: {}{}", narrowed.directive, join(narrowed.elements, " "),
                               narrowed.lacks ? " is missing" : ""),
                   "      ", "    ");
  }
  if (!explanation.innocent.empty()) {
    const auto count = explanation.innocent.size();
    text.paragraph((count == 1 ? "The other directive is innocent: "
                               : fmt::format("The other {} directives are innocent: ", count)) +
                   join(explanation.innocent, " "));
  }
}

void tell_way_out(const Explanation& explanation, Text& text) {
  if (explanation.suggestion.empty()) return;
  text.heading("What helps (tried)");
  text.paragraph(explanation.suggestion);
  for (const auto& command : explanation.commands) text.verbatim(command);
  if (!explanation.drop_in.empty()) {
    text.paragraph(fmt::format("/etc/systemd/system/{}.d/start.conf:", explanation.unit));
    for (const auto& line : split(trim(explanation.drop_in), '\n')) text.verbatim(line);
  }
  if (!explanation.gives_up.empty()) text.paragraph("It gives up: " + explanation.gives_up);
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

std::string text_report(const Explanation& explanation, const TextOptions& options) {
  Text text(options);
  if (explanation.starts) {
    text.heading(explanation.unit + " starts", green);
    for (const auto& note : explanation.notes) text.paragraph(note);
    return text.take();
  }
  text.heading(fmt::format("{} does not start: {}", explanation.unit, ending(explanation)), red);
  for (std::size_t i = 0; i < explanation.because.size(); ++i) {
    text.paragraph(explanation.because[i], "  ", i == 0 ? "" : "  then: ");
  }
  if (!explanation.message.empty()) text.paragraph("systemd says: " + explanation.message);
  if (!explanation.words.empty()) {
    text.paragraph("its own last words:");
    for (const auto& line : explanation.words) text.verbatim(line);
  }
  if (!explanation.syscall.empty()) {
    text.paragraph(fmt::format(
        "{}() is in {}", explanation.syscall,
        explanation.syscall_groups.empty() ? "no group" : join(explanation.syscall_groups, ", ")));
  }
  tell_blame(explanation, text);
  if (!explanation.evidence.empty()) {
    text.heading("Seen");
    for (const auto& evidence : explanation.evidence) {
      text.paragraph(
          evidence.text +
              (evidence.directive.empty() ? "" : ", allowed without " + evidence.directive + "="),
          "      ", "    ");
    }
  }
  tell_way_out(explanation, text);
  if (!explanation.untried.empty()) {
    text.paragraph("Never taken away on this machine, so that nothing is said of them: " +
                   join(explanation.untried, " "));
  }
  for (const auto& note : explanation.notes) text.paragraph("Note: " + note);
  text.heading(fmt::format("{} starts in {:.1f} s, on a {} systemd {}, Linux {}",
                           explanation.trials, explanation.seconds, explanation.manager.kind,
                           explanation.manager.systemd, explanation.manager.kernel),
               "");
  return text.take();
}

std::string json_report(const Explanation& explanation) {
  Json json = {
      {"schema", "sandproof/explain/1"},
      {"manager",
       {{"kind", explanation.manager.kind},
        {"systemd", explanation.manager.systemd},
        {"kernel", explanation.manager.kernel},
        {"virt", explanation.manager.virtualization}}},
      {"unit", explanation.unit},
      {"files", explanation.files},
      {"starts", explanation.starts},
      {"result", or_null(explanation.result)},
      {"status", explanation.status ? Json(*explanation.status) : Json(nullptr)},
      {"step", or_null(explanation.step)},
      {"signal", or_null(explanation.signal)},
      {"syscall", or_null(explanation.syscall)},
      {"syscall_groups", explanation.syscall_groups},
      {"command", or_null(explanation.command)},
      {"message", or_null(explanation.message)},
      {"words", explanation.words},
      {"because", explanation.because},
      {"culprits", explanation.culprits},
      {"places", Json::array()},
      {"innocent", explanation.innocent},
      {"untried", explanation.untried},
      {"narrowed", Json::array()},
      {"evidence", Json::array()},
      {"suggestion", or_null(explanation.suggestion)},
      {"drop_in", or_null(explanation.drop_in)},
      {"commands", explanation.commands},
      {"gives_up", or_null(explanation.gives_up)},
      {"notes", explanation.notes},
      {"trials", explanation.trials},
      {"seconds", explanation.seconds},
      {"isolation",
       {{"trials", explanation.isolation_trials}, {"seconds", explanation.isolation_seconds}}}};
  for (const auto& place : explanation.places) {
    json["places"].push_back({{"directive", place.directive},
                              {"value", place.value},
                              {"file", or_null(place.file)},
                              {"line", place.line},
                              {"overrides", place.overrides}});
  }
  for (const auto& narrowed : explanation.narrowed) {
    json["narrowed"].push_back({{"directive", narrowed.directive},
                                {"elements", narrowed.elements},
                                {"lacks", narrowed.lacks},
                                {"file", or_null(narrowed.file)},
                                {"line", narrowed.line}});
  }
  for (const auto& evidence : explanation.evidence) {
    json["evidence"].push_back(
        {{"text", evidence.text}, {"directive", or_null(evidence.directive)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sandproof::report
