#include "model/claim.h"

namespace sandproof {

std::string to_string(ClaimVerdict verdict) {
  switch (verdict) {
    case ClaimVerdict::confirmed:
      return "confirmed";
    case ClaimVerdict::refuted:
      return "refuted";
    case ClaimVerdict::unproven:
      return "unproven";
    case ClaimVerdict::untestable:
      return "untestable";
  }
  return {};
}

}  // namespace sandproof
