// The unit started in one way after the other, and what was seen of it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "explain/crew.h"
#include "explain/explain.h"
#include "explain/source.h"
#include "explain/suggest.h"

namespace sandproof::explain {

// One way to start the unit.
struct Way {
  std::set<std::string> without;      // directives
  std::vector<std::string> lines;     // added, as a drop-in would
  std::vector<std::string> commands;  // run before

  bool operator==(const Way&) const = default;
  bool operator<(const Way& other) const {
    return std::tie(without, lines, commands) <
           std::tie(other.without, other.lines, other.commands);
  }
};

// Ways that start the unit, started once more with the whole time of each, while other things go
// on.
class Confirmation {
 public:
  // For each way, whether the unit came up and stayed up.
  Result<std::vector<bool>> wait();
  // After wait(): when the last of them ended, on the machine's steady clock, and after how many
  // seconds the last of those failed that failed.
  double ended() const { return ended_; }
  double failed_after() const { return failed_after_; }

 private:
  friend class Experiments;
  std::unique_ptr<Batch> batch_;  // none where there is nothing to confirm
  std::size_t count_ = 0;
  double ended_ = 0;
  double failed_after_ = 0;
};

class Experiments {
 public:
  Experiments(Source source, const ExplainOptions& options);

  const UnitText& text() const { return source_.text; }
  // Those of the text that trials may take away.
  std::vector<std::string> directives() const;
  bool can_follow() const { return options_.can_follow; }

  // What fails as this did fails about as soon; what does not is given less than its whole time,
  // and has to be confirmed.
  void hurry(const Failure& failure);
  // Something that was said to start failed after so many seconds: nothing of what was seen in a
  // hurry counts, and from now on there is more time, or the whole.
  void hurry_less(double seconds);
  bool is_in_a_hurry() const { return is_in_a_hurry_; }
  // Whether a start of starts() had too little time to say anything.
  bool ran_out_of_time() const { return ran_out_of_time_; }

  // Whether the unit starts in these ways. Ways that were tried already are not tried again.
  Result<std::vector<bool>> starts(const std::vector<Way>& ways);
  // Of a way that starts() was asked for.
  const Trial& seen(const Way& way) const { return tried_.at(way); }
  Result<Confirmation> confirm(const std::vector<Way>& ways);

  // Twice: left alone, and followed, which takes longer and changes nothing else. Where it does not
  // fail, it was not followed.
  Result<Failure> fail(const Way& way);
  // Followed for as long as the failures took, and longer.
  Result<Trial> follow(const Way& way);

  int trials() const { return trials_; }

 private:
  void allow(double stays);
  TrialPlan plan(const Way& way, double seconds, double stays) const;
  TrialPlan followed_plan(const Way& way, double seconds, double stays) const;
  Result<std::unique_ptr<Batch>> begin(std::vector<TrialPlan> plans);

  Source source_;
  const ExplainOptions& options_;
  std::map<Way, Trial> tried_;
  double seconds_ = 0;   // to come up
  double stays_ = 0;     // to be up after the start
  double followed_ = 0;  // how long a failure took at most, when it was followed
  bool is_in_a_hurry_ = false;
  bool ran_out_of_time_ = false;
  int trials_ = 0;
};

}  // namespace sandproof::explain
