// What every format tells of a check, in the same words. Everything here that comes from a unit,
// its files or its attempts is printable() already: what is left to a format is its own syntax.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "model/check.h"

namespace sandproof::report {

// "root" for a unit without User=.
std::string user_name(const CheckResult& result);

// "systemd 252, throwaway", "systemd --user 252, host"
std::string version_words(const ManagerFacts& manager);
// "systemd 252, throwaway, kernel 6.18.44, container-other"
std::string manager_words(const ManagerFacts& manager);

// "ProtectSystem=strict"
std::string assignment(const Directive& directive);

// "units/relay.service:20", or "" where there is no file.
std::string location(const std::string& file, int line);

// What was seen in the cells that the verdict rests on, the user's or root's: with the sandbox, and
// without it.
std::vector<std::string> seen(const AttemptResult& attempt);

// What there is to say of a directive that no attempt decides.
std::string without_an_attempt(const DirectiveResult& result);

// "fs-write /etc (side door: …, must be allowed)"
std::string attempt_words(const AttemptResult& attempt);

// The same in one line, whatever decides: "fs-write /etc: allowed; bare: allowed".
std::string evidence(const CheckResult& result, const DirectiveResult& directive);

// Why, in one line: the standing of the directive, then the reason of its status. "" where there is
// nothing to explain.
std::string why(const DirectiveResult& directive);

// The attempts that speak against the directive, the one that decides first.
std::vector<const AttemptResult*> against(const CheckResult& result,
                                          const DirectiveResult& directive);

// The directive's attempts that decide nothing against it.
std::vector<const AttemptResult*> for_it(const CheckResult& result,
                                         const DirectiveResult& directive);

// The directives, findings first, then the worst first; equals keep their order.
std::vector<const DirectiveResult*> worst_first(const CheckResult& result);

// How loudly a format that knows errors and warnings tells of a directive. A finding that leaves
// the sandbox whole (overblocked), or of which nothing is known, is a warning.
enum class Level { error, warning, notice, none };
Level level_of(const DirectiveResult& directive);

// Where a reader is sent for the directive: its own line, that of what implies it, or the unit's
// first file.
struct Place {
  std::string file;
  int line = 0;
};
Place place_of(const CheckResult& result, const DirectiveResult& directive);

// A result's path as a repository has it.
struct Checkout {
  std::string root;            // absolute; "" where there is none
  std::string working_folder;  // absolute: what a relative path of the result is relative to
};

// The path relative to the root of the checkout, without "."s; absolute where it is not below it.
std::string repository_path(const Checkout& checkout, const std::string& path);

// "1 leaked, 3 held", or "no directives".
std::string summary_words(const CheckResult& result);

// How many findings the check has: of directives, and further ones.
std::size_t count_findings(const CheckResult& result);

}  // namespace sandproof::report
