#include "launch/transient_unit.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/names.h"

namespace sandproof::launch {

namespace {

// A unit that nothing else ends, not even the harness: long enough for any cell.
constexpr std::uint64_t last_resort_microseconds = 10 * 60 * 1'000'000ULL;

struct Pipe {
  Fd reader;
  Fd writer;
};

Result<Pipe> make_pipe() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) < 0) return cannot_run("cannot make a pipe: " + errno_text(errno));
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

Value property_list(const std::vector<bus::Property>& properties) {
  std::vector<Value> list;
  for (const auto& property : properties) {
    list.push_back({"(sv)", std::vector<Value>{Value::text(property.name),
                                               {"v", std::vector<Value>{property.value}}}});
  }
  return {"a(sv)", std::move(list)};
}

// The property that the manager's answer names: "Cannot set property X, or unknown property."
// (bus_unit_set_properties() in src/core/dbus-unit.c)
std::string refused_property(const bus::CallError& error) {
  // It is compared with the policy of a service that has none, whatever is set beside it
  // (bus_exec_context_set_transient_property() in src/core/dbus-execute.c, before 252).
  if (error.message.starts_with("Invalid CPU scheduling priority: ")) {
    return "CPUSchedulingPriority";
  }
  constexpr std::string_view before = "Cannot set property ";
  const auto at = error.message.find(before);
  if (at == std::string::npos) return {};
  const auto name = error.message.substr(at + before.size());
  return name.substr(0, name.find_first_of(", "));
}

// A word that stays as it is: systemd puts values in place of $NAME and ${NAME}, and makes "$" of
// "$$" (replace_env_argv() in systemd's source).
std::string without_variables(const std::string& word) {
  std::string result;
  for (const char c : word) result += c == '$' ? "$$" : std::string(1, c);
  return result;
}

}  // namespace

bus::Property exec_start(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const auto& word : command) words.push_back(without_variables(word));
  const Value line{"(sasb)", std::vector<Value>{Value::text(command.front()), Value::texts(words),
                                                Value::boolean(false)}};
  return {"ExecStart", {"a(sasb)", std::vector<Value>{line}}};
}

Result<std::vector<std::string>> start_transient_unit(Manager& manager, const std::string& name,
                                                      std::vector<bus::Property> properties) {
  std::vector<std::string> all_refused;
  while (true) {
    const auto reply = manager.bus().call_manager(
        "StartTransientUnit", {Value::text(name), Value::text("fail"), property_list(properties),
                               Value{"a(sa(sv))", std::vector<Value>{}}});
    const auto* error = std::get_if<bus::CallError>(&reply);
    if (error == nullptr) return all_refused;
    const auto refused = refused_property(*error);
    const auto before = properties.size();
    std::erase_if(properties,
                  [&](const bus::Property& property) { return property.name == refused; });
    if (properties.size() == before) {
      return cannot_run("systemd does not start " + name + ": " + bus::to_string(*error));
    }
    all_refused.push_back(refused);
  }
}

void add_to(Ending& ending, const Properties& changed) {
  const auto number = [&changed](const char* name, int& target) {
    const auto found = changed.find(name);
    if (found == changed.end()) return;
    const auto* value = std::get_if<std::int64_t>(&found->second.data);
    if (value != nullptr && *value != 0) target = static_cast<int>(*value);
  };
  number("ExecMainCode", ending.code);
  number("ExecMainStatus", ending.status);
  const auto result = changed.find("Result");
  if (result != changed.end()) ending.result = to_string(result->second);
}

TransientUnit::TransientUnit(Manager& manager, std::string name, Events events)
    : manager_(manager), name_(std::move(name)), events_(std::move(events)) {}

Result<std::unique_ptr<TransientUnit>> TransientUnit::start(
    Manager& manager, const std::string& name, const std::vector<std::string>& command,
    const std::vector<bus::Property>& properties, Events events) {
  auto input = make_pipe();
  if (!input) return input.error();
  auto output = make_pipe();
  if (!output) return output.error();
  fcntl(input->writer.get(), F_SETFL, O_NONBLOCK);
  fcntl(output->reader.get(), F_SETFL, O_NONBLOCK);

  std::unique_ptr<TransientUnit> unit(new TransientUnit(manager, name, std::move(events)));
  auto all = properties;
  all.push_back({"Type", Value::text("oneshot")});
  all.push_back({"CollectMode", Value::text("inactive-or-failed")});
  all.push_back({"TimeoutStartUSec", Value::unsigned_64(last_resort_microseconds)});
  all.push_back({"StandardInputFileDescriptor", Value::descriptor(input->reader.get())});
  all.push_back({"StandardOutputFileDescriptor", Value::descriptor(output->writer.get())});
  all.push_back({"StandardError", Value::text("null")});
  all.push_back(exec_start(command));
  auto refused = start_transient_unit(manager, name, std::move(all));
  if (!refused) return refused.error();
  unit->refused_ = *std::move(refused);
  unit->input_ = std::move(input->writer);
  unit->output_ = std::move(output->reader);
  auto watch =
      manager.loop().on_readable(unit->output_.get(), [raw = unit.get()] { raw->read_output(); });
  if (!watch) return watch.error();
  unit->watch_ = *std::move(watch);
  return unit;
}

TransientUnit::~TransientUnit() {
  if (!has_ended_) kill();
}

void TransientUnit::write(std::string_view text) {
  while (input_ && !text.empty()) {
    const auto count = ::write(input_.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void TransientUnit::kill() { manager_.kill_unit(name_); }

void TransientUnit::read_output() {
  std::array<char, 16384> buffer{};
  while (true) {
    const auto count = ::read(output_.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    if (count == 0) break;
    events_.output({buffer.data(), static_cast<std::size_t>(count)});
  }
  watch_ = bus::Watch();
  output_is_over_ = true;
  end_if_over();
}

void TransientUnit::properties_changed(const Properties& changed) { add_to(ending_, changed); }

void TransientUnit::job_ended() {
  job_is_over_ = true;
  end_if_over();
}

void TransientUnit::end_if_over() {
  if (has_ended_ || !job_is_over_ || !output_is_over_) return;
  has_ended_ = true;
  input_.reset();
  events_.end(ending_);
}

}  // namespace sandproof::launch
