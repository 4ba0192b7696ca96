// What a systemd knows as a directive, and which directives belong to the sandbox.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "manager/manager.h"

namespace sandproof::unit {

// The directives that a version of systemd knows, by the sections of a service's unit file.
class KnownNames {
 public:
  // From what `systemd --dump-configuration-items` prints.
  static KnownNames parse(std::string_view dump);

  bool knows(std::string_view section, std::string_view name) const;
  bool knows_section(std::string_view section) const { return names_.contains(section); }
  const std::vector<std::string>& names(std::string_view section) const;
  // The section that has the name, or "".
  std::string section_of(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> names_;
};

// Asks the manager's own systemd.
Result<KnownNames> known_names(const Manager& manager);

// Whether a directive of [Service] restricts what the service can do: not the ones of
// systemd.service(5) and systemd.kill(5), nor those of systemd.exec(5) and
// systemd.resource-control(5) that set up, account for or share out without keeping anything from
// it. A name that nobody knows belongs to the sandbox, so that it is not left out.
bool is_of_the_sandbox(std::string_view directive);
// Those of which it is known that they are not, sorted.
std::vector<std::string_view> directives_not_of_the_sandbox();

// The directive whose value the property has: "CPUQuota" of CPUQuotaPerSecUSec, "PrivateTmp" of
// PrivateTmpEx.
std::string directive_of(std::string_view property);
// The property that has the value of a directive.
std::string property_of(std::string_view directive);
// The name that a directive has today: "ReadOnlyPaths" of ReadOnlyDirectories.
std::string today_name(std::string_view directive);

// The first version of systemd with the directive, or with the value of it; 0 where it is older
// than 247 or unknown.
int needs_systemd(std::string_view directive, std::string_view value);

}  // namespace sandproof::unit
