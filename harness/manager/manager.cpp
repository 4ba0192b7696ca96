#include "manager/manager.h"

#include <sys/utsname.h>

#include <charconv>
#include <variant>

namespace sandproof {

namespace {

constexpr const char* service_interface = "org.freedesktop.systemd1.Service";
constexpr const char* unit_interface = "org.freedesktop.systemd1.Unit";

// "252.39-1~deb12u2" → 252, "v247" → 247.
int major_version(const std::string& version) {
  const auto first = version.find_first_of("0123456789");
  int number = 0;
  if (first != std::string::npos) {
    std::from_chars(version.data() + first, version.data() + version.size(), number);
  }
  return number;
}

}  // namespace

Manager::Manager(std::unique_ptr<bus::EventLoop> loop, std::unique_ptr<bus::Connection> bus,
                 RootedFs files)
    : loop_(std::move(loop)),
      bus_(std::move(bus)),
      files_(std::make_unique<RootedFs>(std::move(files))) {}

Result<void> Manager::learn_facts(const std::string& kind, const std::string& user) {
  const auto version = bus_->get_manager_property("Version");
  if (!version) return version.error();
  const auto virtualization = bus_->get_manager_property("Virtualization");
  if (!virtualization) return virtualization.error();
  utsname kernel{};
  uname(&kernel);
  facts_.kind = kind;
  facts_.user = user;
  facts_.systemd = major_version(to_string(*version));
  facts_.kernel = kernel.release;
  facts_.virtualization = to_string(*virtualization);
  if (facts_.virtualization.empty()) facts_.virtualization = "none";
  return {};
}

Result<std::string> Manager::load(const std::string& unit) {
  auto reply = bus_->call_manager("LoadUnit", {Value::text(unit)});
  if (const auto* error = std::get_if<bus::CallError>(&reply)) {
    return bad_input("systemd does not load " + unit + ": " + bus::to_string(*error));
  }
  return to_string(std::get<std::vector<Value>>(reply).at(0));
}

Result<Properties> Manager::service_properties(const std::string& unit) {
  return bus_->get_all(bus::Connection::unit_path(unit), service_interface);
}

Result<Properties> Manager::unit_properties(const std::string& unit) {
  return bus_->get_all(bus::Connection::unit_path(unit), unit_interface);
}

void Manager::kill_unit(const std::string& unit) {
  bus_->call_manager("KillUnit",
                     {Value::text(unit), Value::text("all"), Value{"i", std::int64_t{9}}});
}

void Manager::stop_unit(const std::string& unit) {
  bus_->call_manager("StopUnit", {Value::text(unit), Value::text("replace")});
}

void Manager::reset_failed(const std::string& unit) {
  bus_->call_manager("ResetFailedUnit", {Value::text(unit)});
}

}  // namespace sandproof
