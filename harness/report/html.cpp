#include "report/html.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "judge/judge.h"
#include "report/layout.h"
#include "report/page.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

// Of text that is printable, as an element's content or an attribute's value.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("&<>\"'").find(c) != std::string_view::npos) {
      result += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      result += c;
    }
  }
  return result;
}

std::string shown(std::string_view text) { return escaped(printable(text)); }

// A line of a file keeps its tabs.
std::string shown_line(std::string_view line) {
  std::vector<std::string> parts;
  for (const auto& part : split(line, '\t')) parts.push_back(shown(part));
  return join(parts, "\t");
}

std::string element(std::string_view name, std::string_view classes, std::string_view content) {
  std::string html = "<" + std::string(name);
  if (!classes.empty()) html += " class=\"" + std::string(classes) + "\"";
  return html + ">" + std::string(content) + "</" + std::string(name) + ">";
}

std::string_view class_of(Status status) {
  if (is_finding(status)) return "bad";
  switch (status) {
    case Status::unproven:
    case Status::untestable:
      return "doubt";
    case Status::held:
      return "good";
    default:
      return "";
  }
}

std::string status_classes(Status status) {
  return std::string(trim("status " + std::string(class_of(status))));
}

std::string badge(Status status) {
  return element("span", status_classes(status), to_string(status));
}

// "unit-2", "unit-2-directive-5": what links name.
std::string unit_id(std::size_t unit) { return "unit-" + std::to_string(unit + 1); }

class UnitPage {
 public:
  UnitPage(const CheckResult& result, std::size_t number) : result_(result), id_(unit_id(number)) {
    for (std::size_t i = 0; i < result.directives.size(); ++i) {
      ids_[&result.directives[i]] = id_ + "-directive-" + std::to_string(i + 1);
    }
  }

  std::string write(bool is_tab) {
    out_ = "<section id=\"" + id_ + "\"";
    if (is_tab) out_ += " role=\"tabpanel\" aria-labelledby=\"" + id_ + "-tab\"";
    out_ += ">\n";
    header();
    further();
    for (const auto& file : result_.files) lines_of(file);
    directives();
    matrix();
    exempt();
    not_of_the_sandbox();
    return std::move(out_) + "</section>\n";
  }

 private:
  void line(const std::string& html) { out_ += html + "\n"; }

  void faint(const std::string& label, const std::string& text) {
    if (!text.empty()) line(element("p", "faint", label + shown(text)));
  }

  void header() {
    line(element("h2", "", shown(result_.unit)));
    line(element(
        "p", "faint",
        "user " + shown(user_name(result_)) + " · " + escaped(manager_words(result_.manager))));
    std::string chips;
    for (const auto& [status, number] : result_.summary()) {
      chips +=
          element("li", status_classes(status), std::to_string(number) + " " + to_string(status));
    }
    if (!chips.empty()) line(element("ul", "chips", chips));
    faint("prepared: ", join(result_.prepared, ", "));
    faint("staged: ", join(result_.staged, ", "));
    for (const auto& note : result_.notes) faint("note: ", note);
  }

  void further() {
    if (result_.further.empty()) return;
    line(element("h3", "", "Findings of the baseline and the waivers"));
    std::string items;
    for (const auto& finding : result_.further) {
      const auto where = location(finding.file, finding.line);
      items += element("li", "",
                       element("strong", "", shown(finding.title)) + " " + shown(finding.text) +
                           (where.empty() ? "" : " " + element("code", "", escaped(where))));
    }
    line(element("ul", "list", items));
  }

  void directives() {
    line(element("h3", "", "Directives"));
    if (result_.directives.empty()) line(element("p", "faint", "The unit sets none."));
    for (const auto* directive : worst_first(result_)) details(*directive);
  }

  void details(const DirectiveResult& directive) {
    out_ += "<details id=\"" + ids_.at(&directive) + "\"" +
            (directive.is_finding() ? " open" : "") + ">\n";
    line(element("summary", "",
                 badge(directive.status) + " " +
                     element("code", "", escaped(assignment(directive.directive))) +
                     marks(directive)));
    out_ += "<div class=\"inside\">\n";
    line(element("p", "faint", where(directive)));
    // The reason of a status that attempts decide stands with the attempt.
    const auto bad = against(result_, directive);
    const auto reason = bad.empty() ? why(directive) : printable(directive.standing.because);
    if (!reason.empty()) {
      line(element("p", "", escaped(reason)));
    } else if (bad.empty() && directive.status != Status::held) {
      line(element("p", "", escaped(evidence(result_, directive))));
    }
    for (const auto* attempt : bad) square(*attempt);
    for (const auto* attempt : for_it(result_, directive)) square(*attempt);
    out_ += "</div>\n</details>\n";
  }

  static std::string marks(const DirectiveResult& directive) {
    std::string html;
    if (directive.load) html += " " + element("span", "status", to_string(*directive.load));
    if (directive.standing.kind == Standing::Kind::excused) {
      html += " " + element("span", "status", "excused");
    }
    return html;
  }

  std::string where(const DirectiveResult& result) const {
    const auto& directive = result.directive;
    if (directive.implied_by) return "implied by " + shown(*directive.implied_by);
    const auto place = location(directive.file, directive.line);
    const auto anchor = line_id(directive.file, directive.line);
    if (anchor.empty()) return escaped(place);
    return "<a href=\"#" + anchor + "\">" + escaped(place) + "</a>";
  }

  // "" where the file's text is not at hand.
  std::string line_id(const std::string& file, int number) const {
    const auto at = std::find(result_.files.begin(), result_.files.end(), file);
    if (at == result_.files.end() || !result_.sources.contains(file) || number < 1) return {};
    return id_ + "-file-" + std::to_string(at - result_.files.begin() + 1) + "-line-" +
           std::to_string(number);
  }

  void square(const AttemptResult& attempt) {
    const auto& judgement = attempt.judgement;
    std::string title = badge(status_of(judgement.verdict)) + " " +
                        element("code", "", escaped(attempt_words(attempt)));
    if (judgement.proof != Proof::none) title += " shown by " + to_string(judgement.proof);
    out_ += "<div class=\"attempt\">\n";
    line(element("p", "", title));
    if (!judgement.reason.empty()) line(element("p", "", shown(reason_of(attempt))));
    const auto cell = [&](Cell which) {
      return element("td", "", shown(to_string(attempt.square[which])));
    };
    line("<div class=\"wide\"><table class=\"square\"><tr><td></td><th scope=\"col\">as " +
         shown(user_name(result_)) +
         "</th><th scope=\"col\">as root</th></tr><tr><th scope=\"row\">bare</th>" +
         cell(Cell::bare_user) + cell(Cell::bare_root) +
         "</tr><tr><th scope=\"row\">sandboxed</th>" + cell(Cell::sandboxed_user) +
         cell(Cell::sandboxed_root) + "</tr></table></div>");
    if (!attempt.reproduce.empty()) {
      line("<div class=\"run\"><pre>" + shown(attempt.reproduce) +
           "</pre><button type=\"button\" class=\"copy\" hidden>Copy</button></div>");
    }
    out_ += "</div>\n";
  }

  // The status beside a line: of the directive that it sets, or that its command is exempt.
  std::string beside(const std::string& file, int number, bool& is_bad) const {
    std::string html;
    for (const auto& result : result_.directives) {
      if (result.directive.file != file || result.directive.line != number) continue;
      is_bad = is_bad || result.is_finding();
      html += "<a class=\"" + status_classes(result.status) + "\" href=\"#" + ids_.at(&result) +
              "\">" + to_string(result.status) + "</a>";
    }
    for (const auto& command : result_.exempt) {
      if (command.file != file || command.line != number) continue;
      html += element("span", "status doubt", "outside");
    }
    return html;
  }

  void lines_of(const std::string& file) {
    const auto source = result_.sources.find(file);
    if (source == result_.sources.end()) return;
    line(element("h3", "", element("code", "", shown(file))));
    out_ += "<table class=\"lines\">\n";
    auto lines = split(source->second, '\n');
    if (lines.back().empty()) lines.pop_back();
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto number = static_cast<int>(i) + 1;
      bool is_bad = false;
      const auto status = beside(file, number, is_bad);
      out_ += "<tr id=\"" + line_id(file, number) + "\"" + (is_bad ? " class=\"bad-line\"" : "") +
              ">" + element("td", "number", std::to_string(number)) +
              element("td", "beside", status) +
              element("td", "", element("code", "", shown_line(lines[i]))) + "</tr>\n";
    }
    out_ += "</table>\n";
  }

  // Which directive carries which attempt: a row an attempt, a column a directive.
  void matrix() {
    std::vector<const AttemptResult*> rows;
    for (const auto& attempt : result_.attempts) {
      if (attempt.carried_by) rows.push_back(&attempt);
    }
    if (rows.empty()) return;
    std::vector<const DirectiveResult*> columns;
    for (const auto& directive : result_.directives) {
      if (directive.load) columns.push_back(&directive);
    }
    line(element("h3", "", "What each directive carries"));
    line(element("p", "faint",
                 "Each directive was taken away: ● marks the attempts that then succeed, ○ those "
                 "that several directives stop, each of them by itself."));
    out_ += "<div class=\"wide\"><table class=\"matrix\">\n<thead><tr><td></td>";
    for (const auto* column : columns) {
      out_ += "<th scope=\"col\"><span>" + shown(column->directive.name) + "</span></th>";
    }
    out_ += "</tr></thead>\n<tbody>\n";
    for (const auto* row : rows) {
      out_ += "<tr><th scope=\"row\"><code>" + escaped(attempt_words(*row)) + "</code></th>";
      for (const auto* column : columns) {
        const auto& by = *row->carried_by;
        const bool carries = std::find(by.begin(), by.end(), column->directive.name) != by.end();
        out_ += carries ? element("td", "carried", row->is_shared ? "○" : "●") : "<td></td>";
      }
      out_ += "</tr>\n";
    }
    out_ += "<tr><th scope=\"row\">it is</th>";
    for (const auto* column : columns) out_ += element("td", "", to_string(*column->load));
    out_ += "</tr>\n</tbody></table></div>\n";
  }

  void exempt() {
    if (result_.exempt.empty()) return;
    line(element("h3", "", "Outside of the sandbox, by the prefix of the command"));
    std::string items;
    for (const auto& command : result_.exempt) {
      items += element("li", "",
                       element("code", "", shown(command.command + "=" + command.prefix + "…")) +
                           " " + escaped(location(command.file, command.line)));
    }
    line(element("ul", "list", items));
  }

  void not_of_the_sandbox() {
    if (result_.not_of_the_sandbox.empty()) return;
    line(element("h3", "", "Not of the sandbox"));
    line(element("p", "faint", shown(join(result_.not_of_the_sandbox, ", "))));
  }

  const CheckResult& result_;
  std::string id_;
  std::map<const DirectiveResult*, std::string> ids_;
  std::string out_;
};

std::string findings_words(std::size_t count) {
  if (count == 0) return "no findings";
  return std::to_string(count) + (count == 1 ? " finding" : " findings");
}

std::string head(std::span<const CheckResult> results) {
  const auto title =
      results.size() == 1 ? results.front().unit : std::to_string(results.size()) + " units";
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" +
         std::string(page_style_digest) + "'; script-src '" + std::string(page_script_digest) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>sandproof: " +
         shown(title) + "</title>\n<style>" + std::string(page_style) +
         "</style>\n</head>\n<body>\n";
}

std::string tab_list(std::span<const CheckResult> results) {
  std::string html = "<div class=\"tabs\" role=\"tablist\" aria-label=\"Units\" hidden>\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto count = count_findings(results[i]);
    html += "<button type=\"button\" role=\"tab\" id=\"" + unit_id(i) + "-tab\" aria-controls=\"" +
            unit_id(i) + "\">" + shown(results[i].unit) + " " +
            element("span", count == 0 ? "status good" : "status bad", findings_words(count)) +
            "</button>\n";
  }
  return html + "</div>\n";
}

}  // namespace

std::string html_report(std::span<const CheckResult> results) {
  std::size_t findings = 0;
  for (const auto& result : results) findings += count_findings(result);
  std::string html = head(results);
  html +=
      "<header>\n" + element("h1", "", "sandproof: " + findings_words(findings)) + "\n</header>\n";
  const bool has_tabs = results.size() > 1;
  if (has_tabs) html += tab_list(results);
  html += "<main>\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    html += UnitPage(results[i], i).write(has_tabs);
  }
  return html + "</main>\n<script>" + std::string(page_script) + "</script>\n</body>\n</html>\n";
}

}  // namespace sandproof::report
