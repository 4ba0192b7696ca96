#include "model/verdict.h"

namespace sandproof {

std::string to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::held:
      return "held";
    case Verdict::leaked:
      return "leaked";
    case Verdict::bypassed:
      return "bypassed";
    case Verdict::overblocked:
      return "overblocked";
    case Verdict::unproven:
      return "unproven";
    case Verdict::untestable:
      return "untestable";
  }
  return {};
}

std::string to_string(Proof proof) {
  switch (proof) {
    case Proof::none:
      return "none";
    case Proof::user:
      return "user";
    case Proof::root:
      return "root";
  }
  return {};
}

std::string to_string(Status status) {
  switch (status) {
    case Status::leaked:
      return "leaked";
    case Status::bypassed:
      return "bypassed";
    case Status::overblocked:
      return "overblocked";
    case Status::ignored:
      return "ignored";
    case Status::unproven:
      return "unproven";
    case Status::untestable:
      return "untestable";
    case Status::no_probe:
      return "no-probe";
    case Status::off:
      return "off";
    case Status::held:
      return "held";
  }
  return {};
}

bool is_finding(Status status) { return status <= Status::ignored; }

}  // namespace sandproof
