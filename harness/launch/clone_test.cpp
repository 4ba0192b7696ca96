#include "launch/clone.h"

#include <gmock/gmock.h>

namespace sandproof::launch {
namespace {

using testing::Contains;
using testing::Field;
using testing::IsEmpty;
using testing::Not;

const Properties pristine = {{"User", Value::text("")},
                             {"DynamicUser", Value::boolean(false)},
                             {"ProtectSystem", Value::text("no")},
                             {"PrivateTmp", Value::boolean(false)},
                             {"PrivateTmpEx", Value::text("no")},
                             {"Restart", Value::text("no")},
                             {"PIDFile", Value::text("")},
                             {"RuntimeDirectory", Value::texts({})},
                             {"RuntimeDirectoryPreserve", Value::text("no")}};

Settings settings_of(const Properties& changes) {
  Properties all = pristine;
  for (const auto& [name, value] : changes) all.insert_or_assign(name, value);
  return Settings(all, pristine);
}

auto is_property(const std::string& name) { return Field(&bus::Property::name, name); }

TEST(Clone, HasWhatTheUnitChangesAndNothingElse) {
  const auto properties = sandboxed_properties(
      settings_of({{"User", Value::text("x")}, {"ProtectSystem", Value::text("strict")}}), {});
  EXPECT_EQ(properties.size(), 2U);
  EXPECT_THAT(properties, Contains(is_property("User")));
}

TEST(Clone, NeverHasWhatHurtsTheOriginal) {
  const auto properties = sandboxed_properties(
      settings_of({{"Restart", Value::text("always")}, {"PIDFile", Value::text("/run/x.pid")}}),
      {});
  EXPECT_THAT(properties, IsEmpty());
}

TEST(Clone, OfRootLeavesTheUserOut) {
  const auto settings =
      settings_of({{"User", Value::text("x")}, {"ProtectSystem", Value::text("strict")}});
  EXPECT_THAT(sandboxed_properties(settings, {.as_root = true}),
              Not(Contains(is_property("User"))));
}

TEST(Clone, HasTheTwinThatSaysMoreThanYesAndNo) {
  const auto properties =
      sandboxed_properties(settings_of({{"PrivateTmp", Value::boolean(true)},
                                        {"PrivateTmpEx", Value::text("disconnected")}}),
                           {});
  EXPECT_THAT(properties, Not(Contains(is_property("PrivateTmp"))));
  EXPECT_THAT(properties, Contains(is_property("PrivateTmpEx")));
}

TEST(Clone, OfAUnitWithNoAddressFamilyAllowsNoneEither) {
  const Value none{"(bas)", std::vector<Value>{Value::boolean(true), Value::texts({})}};
  const Value some{"(bas)", std::vector<Value>{Value::boolean(true), Value::texts({"AF_NETBEUI"})}};
  const auto properties =
      sandboxed_properties(settings_of({{"RestrictAddressFamilies", none}}), {});
  ASSERT_EQ(properties.size(), 1U);
  EXPECT_EQ(properties.front().value, some);
}

TEST(Clone, KeepsTheUnitsRuntimeDirectoryWhenItStops) {
  const auto properties =
      sandboxed_properties(settings_of({{"RuntimeDirectory", Value::texts({"x"})}}), {});
  EXPECT_EQ(properties.back().name, "RuntimeDirectoryPreserve");
  EXPECT_EQ(properties.back().value, Value::text("yes"));
}

TEST(Clone, ThatDoesNotMakeTheDirectoriesCanWriteThem) {
  const auto settings = settings_of(
      {{"RuntimeDirectory", Value::texts({"x"})}, {"ProtectSystem", Value::text("strict")}});
  const auto properties = sandboxed_properties(settings, {.directories = Directories::writable});
  EXPECT_THAT(properties, Not(Contains(is_property("RuntimeDirectory"))));
  EXPECT_EQ(properties.back().name, "ReadWritePaths");
  EXPECT_EQ(properties.back().value, Value::texts({"-/run/x"}));
}

TEST(Clone, GetsNoMountNamespaceThatTheUnitDoesNotHave) {
  const auto settings = settings_of({{"RuntimeDirectory", Value::texts({"x"})}});
  EXPECT_FALSE(makes_mount_namespace(settings, 252));
  EXPECT_THAT(sandboxed_properties(settings, {.directories = Directories::writable}), IsEmpty());
}

TEST(Clone, DevicesAreTheSameInAnyOrder) {
  const auto device = [](const char* path) {
    return Value{"(ss)", std::vector<Value>{Value::text(path), Value::text("rw")}};
  };
  const auto list = [](const Value& first, const Value& second) {
    return Value{"a(ss)", std::vector<Value>{first, second}};
  };
  const auto null = device("/dev/null");
  const auto zero = device("/dev/zero");
  const auto settings = settings_of({{"DeviceAllow", list(null, zero)}});
  Properties clone = settings.all();
  clone.insert_or_assign("DeviceAllow", list(zero, null));
  EXPECT_THAT(differences(settings, clone, {}, {}), IsEmpty());
  clone.insert_or_assign("DeviceAllow", list(zero, zero));
  EXPECT_EQ(differences(settings, clone, {}, {}).size(), 1U);
}

TEST(Clone, ADifferenceFromTheOriginalIsTold) {
  const auto settings = settings_of({{"ProtectSystem", Value::text("strict")}});
  EXPECT_THAT(differences(settings, settings.all(), {}, {}), IsEmpty());
  Properties clone = settings.all();
  clone.insert_or_assign("ProtectSystem", Value::text("no"));
  const auto found = differences(settings, clone, {}, {});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().property, "ProtectSystem");
  EXPECT_EQ(found.front().clone, "no");
}

}  // namespace
}  // namespace sandproof::launch
