#include "bus/values.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/fd.h"

namespace sandproof::bus {
namespace {

// A message to write values into and to read them back from; it is never sent, but sd-bus makes
// messages only for a bus that has been started.
class Scratch {
 public:
  Scratch() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    other_end_ = Fd(ends[1]);
    sd_bus* bus = nullptr;
    EXPECT_GE(sd_bus_new(&bus), 0);
    bus_.reset(bus);
    EXPECT_GE(sd_bus_set_fd(bus, ends[0], ends[0]), 0);
    EXPECT_GE(sd_bus_start(bus), 0);
  }

  Message sealed(const Value& value) const {
    sd_bus_message* raw = nullptr;
    EXPECT_GE(sd_bus_message_new_signal(bus_.get(), &raw, "/", "a.b", "C"), 0);
    Message message(raw);
    EXPECT_GE(append(message.get(), value), 0) << value.signature;
    EXPECT_GE(sd_bus_message_seal(message.get(), 1, 0), 0);
    EXPECT_GE(sd_bus_message_rewind(message.get(), 1), 0);
    return message;
  }

 private:
  Fd other_end_;
  std::unique_ptr<sd_bus, Releaser<sd_bus_close_unref>> bus_;
};

class ValueGoesBothWays : public testing::TestWithParam<Value> {};

TEST_P(ValueGoesBothWays, ThroughAMessage) {
  const Scratch scratch;
  const auto message = scratch.sealed(GetParam());
  const auto value = read(message.get());
  ASSERT_TRUE(value) << value.error().message;
  EXPECT_EQ(*value, GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    EveryKindOfProperty, ValueGoesBothWays,
    testing::Values(
        Value::boolean(true), Value::text("strict"), Value::unsigned_64(UINT64_MAX),
        Value{"y", std::uint64_t{255}}, Value{"i", std::int64_t{-1}}, Value{"d", 0.5},
        Value::texts({}), Value::texts({"/a", "/b"}),
        Value{"(bas)", std::vector<Value>{Value::boolean(true), Value::texts({"AF_INET"})}},
        Value{"a(iayu)", std::vector<Value>{Value{
                             "(iayu)", std::vector<Value>{Value{"i", std::int64_t{2}},
                                                          Value{"ay", std::vector<Value>{Value{
                                                                          "y", std::uint64_t{10}}}},
                                                          Value::unsigned_32(8)}}}},
        Value{"v", std::vector<Value>{Value::text("x")}}));

TEST(Values, ADictionaryIsReadAsProperties) {
  const Value entry{"{sv}", std::vector<Value>{Value::text("User"),
                                               Value{"v", std::vector<Value>{Value::text("x")}}}};
  const Scratch scratch;
  const auto message = scratch.sealed(Value{"a{sv}", std::vector<Value>{entry}});
  const auto properties = read_properties(message.get());
  ASSERT_TRUE(properties) << properties.error().message;
  EXPECT_EQ(properties->at("User"), Value::text("x"));
}

}  // namespace
}  // namespace sandproof::bus
