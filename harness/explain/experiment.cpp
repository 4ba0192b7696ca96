#include "explain/experiment.h"

#include <algorithm>

#include "explain/describe.h"

namespace sandproof::explain {

namespace {

// After how long something is taken for working that would otherwise fail after `seconds`: the
// machine has more to do at one time than at another.
double margin(double seconds) { return 4 * seconds + 0.5; }

}  // namespace

Result<std::vector<bool>> Confirmation::wait() {
  if (batch_ == nullptr) return std::vector<bool>(count_, true);
  const auto trials = batch_->wait();
  if (!trials) return trials.error();
  std::vector<bool> result;
  for (const auto& trial : *trials) {
    result.push_back(trial.starts);
    ended_ = std::max(ended_, trial.ended);
    if (!trial.starts) failed_after_ = std::max(failed_after_, trial.seconds);
  }
  return result;
}

Experiments::Experiments(Source source, const ExplainOptions& options)
    : source_(std::move(source)),
      options_(options),
      seconds_(options.seconds),
      stays_(options.seconds) {}

std::vector<std::string> Experiments::directives() const {
  auto names = text().directives();
  std::erase_if(names, options_.is_untried);
  return names;
}

void Experiments::allow(double stays) {
  // Less than half of it would cost a start more for each that works, and gain little.
  is_in_a_hurry_ = stays <= options_.seconds / 2;
  stays_ = is_in_a_hurry_ ? stays : options_.seconds;
  seconds_ = is_in_a_hurry_ ? std::min(options_.seconds, stays + 1) : options_.seconds;
  ran_out_of_time_ = false;
  tried_.clear();
}

void Experiments::hurry(const Failure& failure) {
  const auto& trial = failure.trial;
  if (trial.result == "timeout" || trial.result == "health") return;
  // A program that is running has left the step behind in which systemd gave up.
  allow(trial.is_systemds ? 0 : margin(trial.seconds));
}

void Experiments::hurry_less(double seconds) {
  allow(seconds > 0 ? std::max(margin(seconds), stays_ + 1) : options_.seconds);
}

TrialPlan Experiments::plan(const Way& way, double seconds, double stays) const {
  TrialPlan plan;
  plan.unit = source_.unit;
  plan.fragment = text().fragment(way.without, way.lines, seconds);
  plan.programs = text().programs();
  plan.drop_ins = source_.drop_ins;
  plan.before = options_.before;
  plan.changes = way.commands;
  plan.health = options_.health;
  plan.seconds = seconds;
  plan.stays = stays;
  return plan;
}

TrialPlan Experiments::followed_plan(const Way& way, double seconds, double stays) const {
  auto followed = plan(way, seconds, stays);
  std::string folder = text().value_of("WorkingDirectory");
  if (!folder.starts_with('/')) folder.clear();
  followed.trace =
      TraceOptions{source_.unit, followed.programs,
                   folder.empty() ? std::vector<std::string>() : std::vector<std::string>{folder}};
  return followed;
}

Result<std::unique_ptr<Batch>> Experiments::begin(std::vector<TrialPlan> plans) {
  trials_ += static_cast<int>(plans.size());
  return options_.start(std::move(plans));
}

Result<std::vector<bool>> Experiments::starts(const std::vector<Way>& ways) {
  std::vector<TrialPlan> plans;
  std::vector<Way> fresh;
  for (const auto& way : ways) {
    if (tried_.contains(way) || std::find(fresh.begin(), fresh.end(), way) != fresh.end()) {
      continue;
    }
    fresh.push_back(way);
    plans.push_back(plan(way, seconds_, stays_));
  }
  if (!plans.empty()) {
    auto batch = begin(std::move(plans));
    if (!batch) return batch.error();
    auto trials = (*batch)->wait();
    if (!trials) return trials.error();
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      ran_out_of_time_ |= (*trials)[i].result == "timeout";
      tried_[fresh[i]] = std::move((*trials)[i]);
    }
  }
  std::vector<bool> result;
  for (const auto& way : ways) result.push_back(tried_.at(way).starts);
  return result;
}

Result<Confirmation> Experiments::confirm(const std::vector<Way>& ways) {
  Confirmation confirmation;
  confirmation.count_ = ways.size();
  if (!is_in_a_hurry_) return confirmation;
  std::vector<TrialPlan> plans;
  for (const auto& way : ways) plans.push_back(plan(way, options_.seconds, options_.seconds));
  auto batch = begin(std::move(plans));
  if (!batch) return batch.error();
  confirmation.batch_ = *std::move(batch);
  return confirmation;
}

Result<Failure> Experiments::fail(const Way& way) {
  const double whole = options_.seconds;
  auto alone = begin({plan(way, whole, whole)});
  if (!alone) return alone.error();
  auto followed = can_follow() ? begin({followed_plan(way, 2 * whole, 2 * whole)})
                               : Result<std::unique_ptr<Batch>>(std::unique_ptr<Batch>());
  if (!followed) return followed.error();
  auto trials = (*alone)->wait();
  if (!trials) return trials.error();
  Failure failure;
  failure.trial = std::move(trials->front());
  if (failure.trial.step == "NAMESPACE") {
    failure.missing_path = path_in_message(failure.trial.message);
  }
  if (failure.trial.starts || *followed == nullptr) return failure;
  trials = (*followed)->wait();
  if (!trials) return trials.error();
  failure.trace = std::move(trials->front().trace);
  followed_ = std::max(followed_, trials->front().seconds);
  return failure;
}

Result<Trial> Experiments::follow(const Way& way) {
  const double enough = std::min(2 * options_.seconds, margin(followed_));
  auto batch = begin({followed_plan(way, enough + 1, std::max(stays_, enough))});
  if (!batch) return batch.error();
  auto trials = (*batch)->wait();
  if (!trials) return trials.error();
  return std::move(trials->front());
}

}  // namespace sandproof::explain
