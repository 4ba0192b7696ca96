// The commands of a unit's Exec…= lines that run without its sandbox: ExecStart=+/bin/x.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/unit.h"
#include "unit/line.h"

namespace sandproof::unit {

class Commands {
 public:
  explicit Commands(int systemd) : systemd_(systemd) {}

  // The lines in their order: an empty one takes back those before it.
  void take(const Line& line);

  // By their directives.
  std::vector<ExemptCommand> exempt() const;

 private:
  int systemd_;
  std::map<std::string, std::vector<ExemptCommand>> exempt_;
};

}  // namespace sandproof::unit
