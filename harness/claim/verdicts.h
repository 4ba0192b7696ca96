// What was seen, weighed against what is claimed. Pure: no systemd, no files, no clock.
//
// Of an attempt that must be denied, in this order; `user` and `root` are the sandboxed cells, and
// for As=root both are root's:
//
//   user is allowed                                      refuted
//   neither bare cell is allowed                         untestable: this machine cannot do it
//   user could not try                                   unproven
//   bare user is allowed, user is stopped                confirmed; with another errno than the one
//                                                        that the document names: refuted
//   only bare root is allowed, root is stopped           confirmed, by root
//   only bare root is allowed, root is not               unproven: the sandbox is not what stops it
//
// Each directive of By= must stop the attempt by itself, with nothing else of the unit in force but
// its user; one that does not refutes the claim.
#pragma once

#include <map>
#include <string>

#include "claim/claim.h"
#include "model/attempt.h"
#include "model/value.h"

namespace sandproof::claim {

struct Weighed {
  ClaimVerdict verdict = ClaimVerdict::unproven;
  std::string evidence;
};

// The two sandboxed cells with one directive in force, by the directive's name.
struct Alone {
  Outcome user;
  Outcome root;
};

Weighed weigh(const AttemptClaim& claim, const Square& square,
              const std::map<std::string, Alone>& alone);

// Null where this systemd has no such property.
Weighed weigh(const PropertyClaim& claim, const Value* value);

// Whether the value of a property is what a suite says: "yes", "30s", "AF_INET AF_INET6".
bool is_value(const std::string& property, const Value& value, const std::string& text);
// The value as a suite would say it.
std::string shown_value(const std::string& property, const Value& value);

}  // namespace sandproof::claim
