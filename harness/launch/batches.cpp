#include "launch/batches.h"

#include <algorithm>

namespace sandproof::launch {

namespace {

// More than the cores of most machines: a unit's start waits for the kernel more than it computes.
constexpr std::size_t cells_in_flight = 12;
// Each attempt has its own deadline; this one is for what nobody thought of. Where each attempt is
// a unit of its own, an emulated machine makes two or three of them in a second.
constexpr auto run_limit = std::chrono::minutes(5);
constexpr auto run_limit_of_each_attempt = std::chrono::seconds(2);

}  // namespace

bool Batch::is_over() const {
  return error || std::all_of(places.begin(), places.end(),
                              [](const Place& each) { return each.is_over(); });
}

Batches::Batches(LaunchContext& context) : context_(context), limit_(run_limit) {
  auto& bus = context_.manager.bus();
  bus.on_change([this](const std::string& path, const Properties& changed) {
    tell([&](CellRun& cell) { return cell.properties_changed(path, changed); });
  });
  bus.on_job_end([this](const std::string& unit, const std::string&) {
    tell([&](CellRun& cell) { return cell.job_ended(unit); });
  });
}

Batches::~Batches() {
  context_.manager.bus().on_change({});
  context_.manager.bus().on_job_end({});
}

// The one cell that it is about.
template <typename Tell>
void Batches::tell(const Tell& is_told) {
  for (auto& batch : batches_) {
    for (auto& place : batch.places) {
      if (place.cell && is_told(*place.cell)) return;
    }
  }
}

Batch& Batches::add(const std::vector<LateJob>& jobs) {
  for (const auto& job : jobs) limit_ += job.attempts * run_limit_of_each_attempt;
  return batches_.emplace_back(Batch{jobs});
}

Result<Reports> Batches::take(const Batch& batch) {
  const auto found = std::find_if(batches_.begin(), batches_.end(),
                                  [&batch](const Batch& each) { return &each == &batch; });
  std::optional<Error> error = found->error;
  Reports reports(found->places.size());
  for (std::size_t i = 0; i < reports.size() && !error; ++i) {
    auto& cell = found->places[i].cell;
    if (cell) reports[i] = cell->take_report();
  }
  batches_.erase(found);
  if (error) return *error;
  return reports;
}

void Batches::drop(const Batch& batch) {
  batches_.remove_if([&batch](const Batch& each) { return &each == &batch; });
}

std::size_t Batches::in_flight() const {
  std::size_t number = 0;
  for (const auto& batch : batches_) {
    number += static_cast<std::size_t>(
        std::count_if(batch.places.begin(), batch.places.end(),
                      [](const Place& each) { return each.is_started && !each.is_over(); }));
  }
  return number;
}

void Batches::start_what_can() {
  for (auto& batch : batches_) {
    const auto number = in_flight();
    if (number >= cells_in_flight) return;
    start_what_can(batch, cells_in_flight - number);
  }
}

void Batches::start_what_can(Batch& batch, std::size_t room) {
  auto& places = batch.places;
  for (std::size_t i = 0; i < places.size() && room > 0 && !batch.error; ++i) {
    auto& place = places[i];
    if (!place.is_asked) ask(batch, i);
    if (!place.cell || place.is_started) continue;
    if (place.job->after && !places[*place.job->after].is_ready()) continue;
    place.is_started = true;
    --room;
    place.cell->start();
  }
}

void Batches::ask(Batch& batch, std::size_t number) {
  auto job = batch.jobs[number].job();
  if (!job) {
    batch.error = job.error();
    return;
  }
  auto& place = batch.places[number];
  place.is_asked = true;
  place.job = *std::move(job);
  if (place.job) place.cell.emplace(context_, *place.job);
}

}  // namespace sandproof::launch
