// What a page says of a unit's directives, against the unit.
#pragma once

#include <string>
#include <vector>

namespace sandproof {

enum class Agreement {
  not_held,       // documented and set, and it does not hold
  another_value,  // documented with another value than the one that is set
  not_set,        // documented
  undocumented,   // set
  not_proved,     // documented and set, and nothing is known of it
  held,           // documented and set, and it holds
  not_sandbox,    // documented and set, and it restricts nothing by its nature
  documented,     // no unit to look at
};
std::string to_string(Agreement agreement);

struct DocumentedDirective {
  std::string name;
  std::string documented;  // the value on the page, or "" where it names none
  std::string set;         // the value of the unit
  Agreement agreement = Agreement::documented;
  std::string reason;
};

struct DocumentationResult {
  std::string page;
  std::string unit;  // "" for none
  std::vector<DocumentedDirective> directives;

  bool has_finding() const;
};

}  // namespace sandproof
