#include "model/settings.h"

#include <gmock/gmock.h>

namespace sandproof {
namespace {

using testing::ElementsAre;

Value filter_value(bool allow, const std::vector<std::string>& names) {
  return {"(bas)", std::vector<Value>{Value::boolean(allow), Value::texts(names)}};
}

const Properties pristine = {{"NoNewPrivileges", Value::boolean(false)},
                             {"ProtectSystem", Value::text("no")},
                             {"KeyringMode", Value::text("private")},
                             {"RestrictAddressFamilies", filter_value(false, {})}};

Settings settings_with(const std::string& name, Value value) {
  Properties all = pristine;
  all.insert_or_assign(name, std::move(value));
  return Settings(all, pristine);
}

TEST(Settings, ChangedIsWhatDiffersFromThePristineUnit) {
  const auto settings = settings_with("ProtectSystem", Value::text("strict"));
  EXPECT_THAT(settings.changed(), ElementsAre("ProtectSystem"));
  EXPECT_EQ(settings.text("ProtectSystem"), "strict");
  EXPECT_EQ(settings.text("KeyringMode"), "private");
}

TEST(Settings, APropertyThatThisSystemdLacksHasTheEmptyValue) {
  const Settings settings(pristine, pristine);
  EXPECT_EQ(settings.find("PrivatePIDs"), nullptr);
  EXPECT_FALSE(settings.boolean("PrivatePIDs"));
  EXPECT_EQ(settings.text("PrivatePIDs"), "");
}

TEST(Settings, AFilterIsReadWithItsSense) {
  const auto settings =
      settings_with("RestrictAddressFamilies", filter_value(true, {"AF_INET", "AF_UNIX"}));
  EXPECT_TRUE(settings.filter("RestrictAddressFamilies").allow_list);
  EXPECT_THAT(settings.filter("RestrictAddressFamilies").names, ElementsAre("AF_INET", "AF_UNIX"));
}

TEST(Settings, TakingAPropertyAwayPutsThePristineValueBack) {
  const auto settings =
      settings_with("ProtectSystem", Value::text("strict")).without("ProtectSystem");
  EXPECT_TRUE(settings.changed().empty());
  EXPECT_EQ(settings.text("ProtectSystem"), "no");
}

}  // namespace
}  // namespace sandproof
