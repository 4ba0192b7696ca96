// The bystander: what attempts find, there for as long as it runs.
#include <netinet/in.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <sstream>

#include "test_program.h"

namespace sandproof::probe_test {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;

class Port {
 public:
  explicit Port(int family) : fd_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() { close(fd_); }
  bool connects(const void* address, std::size_t size) const {
    return connect(fd_, static_cast<const sockaddr*>(address), static_cast<socklen_t>(size)) == 0;
  }

 private:
  int fd_;
};

TEST(Bystander, MakesWhatItSaysAndTakesItAway) {
  const TemporaryFolder folder;
  const std::string name = "sandproof-test-" + std::to_string(getpid());
  const std::string file = folder / "file";
  Child bystander(binary("bystander"), {"tcp", "udp", "abstract", name, "shm", "file", file}, {});
  const std::string says = bystander.read_until("ready\n");
  std::istringstream words(says);
  std::string word;
  std::uint16_t tcp_port = 0;
  std::uint16_t udp_port = 0;
  int key = 0;
  int segment = -1;
  ASSERT_TRUE(words >> word >> word >> tcp_port >> word >> word >> udp_port);
  ASSERT_TRUE(words >> word >> word >> word >> key >> segment) << says;
  EXPECT_THAT(says, EndsWith("\nabstract " + name + "\nshm " + std::to_string(key) + " " +
                             std::to_string(segment) + "\nfile " + file + "\npid " +
                             std::to_string(bystander.pid()) + "\nready\n"));

  sockaddr_in inet{};
  inet.sin_family = AF_INET;
  inet.sin_port = htons(tcp_port);
  inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_TRUE(Port(AF_INET).connects(&inet, sizeof inet));
  EXPECT_NE(udp_port, 0);

  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path + 1, name.data(), name.size());
  EXPECT_TRUE(Port(AF_UNIX).connects(&local, offsetof(sockaddr_un, sun_path) + 1 + name.size()));

  EXPECT_EQ(shmget(key, 0, 0), segment);
  std::string content;
  EXPECT_TRUE(std::getline(std::ifstream(file), content));
  EXPECT_EQ(content, "sandproof");

  bystander.end_input();
  EXPECT_EQ(bystander.wait(), "exited 0");
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(shmget(key, 0, 0), -1);
}

TEST(Bystander, TakesAwayNothingThatWasThereBefore) {
  const TemporaryFolder folder;
  const std::string file = folder / "file";
  std::ofstream(file) << "precious";
  EXPECT_EQ(run("bystander", {"file", file}),
            (Ended{.output = "unable file: EEXIST\n", .status = "exited 1"}));
  EXPECT_TRUE(fs::exists(file));
}

}  // namespace
}  // namespace sandproof::probe_test
