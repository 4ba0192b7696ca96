// The cells that are in flight on a manager, of as many batches as there are at the time.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <vector>

#include "launch/launcher.h"

namespace sandproof::launch {

using Reports = std::vector<std::optional<CellReport>>;

// What is to run at one place, and runs there once it was asked for and started.
struct Place {
  bool is_asked = false;
  bool is_started = false;
  std::optional<CellJob> job;
  std::optional<CellRun> cell;

  bool is_idle() const { return is_asked && !job; }
  bool is_ready() const { return is_idle() || (is_started && cell->is_ready()); }
  bool is_over() const { return is_idle() || (is_started && cell->is_done()); }
};

struct Batch {
  const std::vector<LateJob>& jobs;
  // Not moved: a cell's callbacks hold its address.
  std::vector<Place> places = std::vector<Place>(jobs.size());
  std::optional<Error> error = {};

  bool is_over() const;
};

// Takes the manager's signals for as long as it lives.
class Batches {
 public:
  explicit Batches(LaunchContext& context);
  ~Batches();
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;

  // The jobs outlive the batch.
  Batch& add(const std::vector<LateJob>& jobs);
  // Of a batch that is over; it is gone with that.
  Result<Reports> take(const Batch& batch);
  // Ends what runs of it.
  void drop(const Batch& batch);

  void start_what_can();
  // What all that was ever added is given time for.
  std::chrono::milliseconds limit() const { return limit_; }

 private:
  std::size_t in_flight() const;
  void start_what_can(Batch& batch, std::size_t room);
  void ask(Batch& batch, std::size_t number);
  template <typename Tell>
  void tell(const Tell& is_told);

  LaunchContext& context_;
  std::list<Batch> batches_;
  std::chrono::milliseconds limit_;
};

}  // namespace sandproof::launch
