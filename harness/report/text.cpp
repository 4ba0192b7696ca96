#include "report/text.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "judge/judge.h"
#include "report/layout.h"
#include "report/loads.h"
#include "report/words.h"

namespace sandproof::report {

namespace {

constexpr std::size_t least_width = 60;
constexpr std::string_view margin = "  ";
constexpr std::string_view gap = "  ";

enum class Style { plain, bold, dim, good, doubtful, bad };

Style style_of(Status status) {
  if (is_finding(status)) return Style::bad;
  switch (status) {
    case Status::unproven:
    case Status::untestable:
      return Style::doubtful;
    case Status::held:
      return Style::good;
    default:
      return Style::dim;
  }
}

std::string_view start_of(Style style) {
  switch (style) {
    case Style::plain:
      break;
    case Style::bold:
      return "\x1b[1m";
    case Style::dim:
      return "\x1b[2m";
    case Style::good:
      return "\x1b[32m";
    case Style::doubtful:
      return "\x1b[33m";
    case Style::bad:
      return "\x1b[1;31m";
  }
  return "";
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// Clauses on one line where there is room, else each on a line of its own.
std::vector<std::string> wrap_clauses(const std::vector<std::string>& clauses, std::size_t width) {
  const auto all = join(clauses, "; ");
  if (columns(all) <= width) return {all};
  std::vector<std::string> lines;
  for (const auto& clause : clauses) {
    if (!lines.empty()) lines.back() += ";";
    for (auto& part : wrap(clause, width - 1)) lines.push_back(std::move(part));
  }
  return lines;
}

class TextReport {
 public:
  TextReport(const CheckResult& result, const TextOptions& options)
      : result_(result),
        options_(options),
        width_(std::max(least_width, static_cast<std::size_t>(std::max(options.width, 0)))) {}

  std::string write() {
    header();
    directives();
    loads();
    further();
    exempt();
    not_of_the_sandbox();
    summary();
    return std::move(out_);
  }

 private:
  // A directive's line of the table, and what stands below it.
  struct Row {
    const DirectiveResult* result;
    std::string assignment;
    std::vector<std::string> seen;  // clauses
    std::optional<std::size_t> decisive;
  };

  struct Widths {
    std::size_t status = 0;
    std::size_t load = 0;
    std::size_t assignment = 0;

    std::size_t before_assignment() const {
      return margin.size() + status + gap.size() + (load == 0 ? 0 : load + gap.size());
    }
    std::size_t before_seen() const { return before_assignment() + assignment + gap.size(); }
  };

  std::string styled(Style style, std::string_view text) const {
    if (!options_.colour || style == Style::plain || text.empty()) return std::string(text);
    return std::string(start_of(style)) + std::string(text) + "\x1b[0m";
  }

  void line(std::string text) {
    // What is empty at the end of a row leaves its padding behind.
    text.erase(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  // Text that is printable already, under an indentation of its own.
  void paragraph(std::size_t indent, std::string_view text, Style style = Style::plain) {
    for (const auto& part : wrap(text, width_ - std::min(indent, width_ / 2))) {
      line(std::string(indent, ' ') + styled(style, part));
    }
  }

  // "  prepared  user runwisp, /var/lib/runwisp"
  void labelled(std::string_view label, const std::string& text) {
    if (text.empty()) return;
    constexpr std::size_t label_width = 8;
    const std::size_t indent = margin.size() + label_width + gap.size();
    bool first = true;
    for (const auto& part : wrap(printable(text), width_ - indent)) {
      const auto lead = first ? pad(label, label_width) : std::string(label_width, ' ');
      line(std::string(margin) + styled(Style::dim, lead) + std::string(gap) + part);
      first = false;
    }
  }

  void header() {
    const auto& manager = result_.manager;
    std::string facts = "user " + user_name(result_);
    facts += "  ·  " + version_words(manager);
    if (!manager.kernel.empty()) facts += "  ·  kernel " + manager.kernel;
    if (!manager.virtualization.empty() && manager.virtualization != "none") {
      facts += "  ·  " + manager.virtualization;
    }
    line(styled(Style::bold, printable(result_.unit)) + "  " + printable(facts));
    labelled("files", join(result_.files, ", "));
    labelled("prepared", join(result_.prepared, ", "));
    labelled("staged", join(result_.staged, ", "));
    for (const auto& note : result_.notes) labelled("note", note);
  }

  void directives() {
    if (result_.directives.empty()) return;
    std::vector<Row> rows;
    for (const auto& directive : result_.directives) rows.push_back(row_of(directive));
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return a.result->status < b.result->status;
    });
    const auto widths = widths_of(rows);
    const auto room = width_ - widths.before_seen();
    const auto fits = [&](const Row& row, bool is_wide) {
      return columns(join(row.seen, "; ")) + gap.size() + columns(place_of(row, is_wide)) <= room;
    };
    // Nothing that would be one line becomes two for the name of its file.
    const bool is_wide = std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
      return fits(row, true) || !fits(row, false);
    });
    line("");
    for (const auto& row : rows) {
      table_line(row, widths, place_of(row, is_wide));
      details(row, widths.before_assignment());
      if (options_.verbose) squares(row, widths.before_assignment());
    }
  }

  Row row_of(const DirectiveResult& result) const {
    const auto& directive = result.directive;
    Row row{&result, assignment(directive), {printable(without_an_attempt(result))}, {}};
    if (result.status != Status::ignored && result.status != Status::off) {
      row.decisive = decide(result_, directive.name).decisive;
    }
    if (row.decisive) {
      const auto& attempt = result_.attempts[*row.decisive];
      const bool is_doubtful =
          result.status == Status::unproven || result.status == Status::untestable;
      row.seen = seen(attempt);
      if (is_doubtful) row.seen = {printable(to_string(attempt.attempt) + ": " + result.reason)};
    }
    return row;
  }

  Widths widths_of(const std::vector<Row>& rows) const {
    Widths widths;
    for (const auto& row : rows) {
      widths.status = std::max(widths.status, to_string(row.result->status).size());
      if (row.result->load) {
        widths.load = std::max(widths.load, to_string(*row.result->load).size());
      }
      widths.assignment = std::max(widths.assignment, columns(row.assignment));
    }
    widths.assignment = std::min(widths.assignment, width_ * 8 / 25);
    return widths;
  }

  // Where the directive comes from; of a finding it is told in full below. Of the unit's own file,
  // which the header names, a narrow report tells the line alone.
  std::string place_of(const Row& row, bool is_wide) const {
    const auto& directive = row.result->directive;
    if (is_finding(row.result->status) && !directive.file.empty()) return {};
    if (directive.implied_by) return printable("implied by " + *directive.implied_by);
    const bool is_own = !result_.files.empty() && directive.file == result_.files.front();
    if (is_own && !is_wide && directive.line > 0) return ":" + std::to_string(directive.line);
    return location(base_name(directive.file), directive.line);
  }

  void table_line(const Row& row, const Widths& widths, const std::string& place) {
    const auto& result = *row.result;
    std::string lead(margin);
    lead += styled(style_of(result.status), pad(to_string(result.status), widths.status));
    lead += gap;
    if (widths.load > 0) {
      lead += pad(result.load ? to_string(*result.load) : "", widths.load) + std::string(gap);
    }
    lead += pad(cut(row.assignment, widths.assignment), widths.assignment) + std::string(gap);

    const auto room = width_ - widths.before_seen();
    auto parts = wrap_clauses(row.seen, room);
    if (parts.empty()) parts.emplace_back();
    if (place.empty()) {
      // Nothing follows, so nothing has to fit.
    } else if (columns(parts.back()) + gap.size() + columns(place) <= room) {
      parts.back() += std::string(gap) + styled(Style::dim, place);
    } else {
      parts.push_back(styled(Style::dim, place));
    }
    for (const auto& part : parts) {
      line(lead + part);
      lead = std::string(widths.before_seen(), ' ');
    }
  }

  void details(const Row& row, std::size_t indent) {
    const auto& result = *row.result;
    paragraph(indent, printable(result.standing.because), Style::bold);
    if (!is_finding(result.status)) return;
    const auto where = location(result.directive.file, result.directive.line);
    paragraph(indent, (where.empty() ? "" : where + ": ") + printable(result.reason));
    if (!row.decisive) return;
    reproduce(indent, result_.attempts[*row.decisive]);
    further_findings(row, indent);
  }

  void reproduce(std::size_t indent, const AttemptResult& attempt) {
    if (attempt.reproduce.empty()) return;
    line(std::string(indent, ' ') + styled(Style::dim, "$ " + printable(attempt.reproduce)));
  }

  // Besides the decisive attempt: what leaks or is overblocked in a list, and each open side door
  // with its own way out.
  void further_findings(const Row& row, std::size_t indent) {
    std::vector<std::string> leaked;
    std::vector<std::string> overblocked;
    std::vector<const AttemptResult*> doors;
    for (std::size_t i = 0; i < result_.attempts.size(); ++i) {
      const auto& attempt = result_.attempts[i];
      if (i == row.decisive || !is_of(attempt, row.result->directive.name)) continue;
      if (attempt.judgement.verdict == Verdict::leaked) {
        leaked.push_back(to_string(attempt.attempt));
      } else if (attempt.judgement.verdict == Verdict::overblocked) {
        overblocked.push_back(to_string(attempt.attempt));
      } else if (attempt.judgement.verdict == Verdict::bypassed) {
        doors.push_back(&attempt);
      }
    }
    if (!leaked.empty()) paragraph(indent, printable("leaked too: " + join(leaked, ", ")));
    for (const auto* door : doors) {
      paragraph(indent,
                printable("bypassed too, " + reason_of(*door)) + ": " + join(seen(*door), "; "));
      reproduce(indent, *door);
    }
    if (!overblocked.empty()) {
      paragraph(indent, printable("overblocked too: " + join(overblocked, ", ")));
    }
  }

  void squares(const Row& row, std::size_t indent) {
    if (row.result->status == Status::ignored || row.result->status == Status::off) return;
    for (const auto& attempt : result_.attempts) {
      if (is_of(attempt, row.result->directive.name)) square(attempt, indent);
    }
  }

  //   fs-write /etc: held by root
  //                 user           root
  //     bare       denied EACCES  allowed
  //     sandboxed  denied EACCES  denied EROFS
  void square(const AttemptResult& attempt, std::size_t indent) {
    const auto& judgement = attempt.judgement;
    std::string title = to_string(attempt.attempt);
    if (!attempt.side_door.empty()) title += " (side door: " + attempt.side_door + ")";
    if (attempt.must == Must::allowed) title += " (must be allowed)";
    title += ": " + to_string(judgement.verdict);
    if (judgement.proof != Proof::none) title += " by " + to_string(judgement.proof);
    if (!judgement.reason.empty()) title += " (" + reason_of(attempt) + ")";
    if (attempt.carried_by) {
      const auto* how = attempt.is_shared ? "; shared by " : "; carried by ";
      title += attempt.carried_by->empty() ? "; carried by no single directive"
                                           : how + join(*attempt.carried_by, ", ");
    }
    paragraph(indent, printable(title));

    const auto& cells = attempt.square;
    const auto bare_user = printable(to_string(cells.bare_user));
    const auto sandboxed_user = printable(to_string(cells.sandboxed_user));
    const auto user = std::max({columns(bare_user), columns(sandboxed_user), columns("user")});
    const auto cell_line = [&](std::string_view label, std::string_view left,
                               std::string_view right) {
      line(styled(Style::dim, std::string(indent + margin.size(), ' ') + pad(label, 9)) +
           std::string(gap) + pad(left, user) + std::string(gap) + std::string(right));
    };
    line(styled(Style::dim, std::string(indent + margin.size() + 9 + gap.size(), ' ') +
                                pad("user", user) + std::string(gap) + "root"));
    cell_line("bare", bare_user, printable(to_string(cells.bare_root)));
    cell_line("sandboxed", sandboxed_user, printable(to_string(cells.sandboxed_root)));
  }

  void loads() {
    const auto lines = load_lines(result_, width_);
    if (lines.empty()) return;
    line("");
    line(styled(Style::bold, "What each directive carries, seen by taking it away:"));
    for (const auto& each : lines) line(each);
  }

  void further() {
    if (result_.further.empty()) return;
    line("");
    line(styled(Style::bold, "Findings besides:"));
    for (const auto& finding : result_.further) {
      const auto where = location(finding.file, finding.line);
      paragraph(margin.size(), printable((where.empty() ? "" : where + ": ") + finding.title +
                                         (finding.text.empty() ? "" : ": " + finding.text)));
    }
  }

  void exempt() {
    if (result_.exempt.empty()) return;
    line("");
    line(styled(Style::bold, "Outside of the sandbox, by the prefix of the command:"));
    const auto name_of = [](const ExemptCommand& command) {
      return printable(command.command + "=" + command.prefix + "…");
    };
    std::size_t name_width = 0;
    for (const auto& command : result_.exempt) {
      name_width = std::max(name_width, columns(name_of(command)));
    }
    for (const auto& command : result_.exempt) {
      line(std::string(margin) + pad(name_of(command), name_width) + std::string(gap) +
           styled(Style::dim, location(command.file, command.line)));
    }
  }

  void not_of_the_sandbox() {
    if (result_.not_of_the_sandbox.empty()) return;
    line("");
    paragraph(0, printable("Not of the sandbox: " + join(result_.not_of_the_sandbox, ", ")),
              Style::dim);
  }

  void summary() {
    const auto count = result_.directives.size();
    std::string text = std::to_string(count) + (count == 1 ? " directive" : " directives");
    std::size_t used = columns(text);
    std::string_view separator = ": ";
    line("");
    for (const auto& [status, number] : result_.summary()) {
      const auto part = std::to_string(number) + " " + to_string(status);
      text += separator;
      used += separator.size() + part.size();
      // A comma may have to follow.
      if (used >= width_) {
        line(text);
        text = margin;
        used = margin.size() + part.size();
      }
      text += styled(style_of(status), part);
      separator = ", ";
    }
    line(text);
  }

  const CheckResult& result_;
  const TextOptions& options_;
  const std::size_t width_;
  std::string out_;
};

}  // namespace

std::string text_report(const CheckResult& result, const TextOptions& options) {
  return TextReport(result, options).write();
}

}  // namespace sandproof::report
