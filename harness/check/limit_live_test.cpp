// What a directive's documentation says that it does not keep from is told where it is seen, and
// only there.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "check/check.h"
#include "testing/throwaway.h"

namespace sandproof {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Limits : public testing_support::OnThrowaway {
 protected:
  static std::vector<std::string> notes_of(const std::string& directives) {
    std::string pattern = testing::TempDir() + "/sandproof-limit-XXXXXX";
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    const fs::path file = fs::path(pattern) / "limit.service";
    std::ofstream(file) << "[Service]\nExecStart=/bin/true\nUser=nobody\n" << directives;
    CheckOptions options;
    options.probes = testing_support::probes();
    const auto result = check_unit(manager(), file.string(), options);
    fs::remove_all(pattern);
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? result->notes : std::vector<std::string>();
  }
};

TEST_F(Limits, AFileMayBeMappedTwiceUnlessItIsKeptFromBeingMadeAndMapped) {
  EXPECT_THAT(notes_of("MemoryDenyWriteExecute=yes\n"),
              ElementsAre(HasSubstr("lets a memfd be mapped twice"),
                          HasSubstr("lets a file be mapped twice")));
  EXPECT_THAT(notes_of("MemoryDenyWriteExecute=yes\nSystemCallFilter=~memfd_create\n"
                       "NoExecPaths=/dev/shm\n"),
              IsEmpty());
}

TEST_F(Limits, TheHomesStayWritableUnlessProtectHomeShutsThem) {
  EXPECT_THAT(notes_of("User=root\nProtectSystem=strict\n"),
              testing::IsSupersetOf({HasSubstr("ProtectSystem= leaves /home writable"),
                                     HasSubstr("ProtectSystem= leaves /root writable")}));
  EXPECT_THAT(notes_of("User=root\nProtectSystem=strict\nProtectHome=read-only\n"),
              testing::Not(testing::Contains(HasSubstr("writable"))));
  EXPECT_THAT(notes_of("ProtectSystem=strict\n"), IsEmpty());
}

TEST_F(Limits, AbstractSocketsAreNoIpAddresses) {
  EXPECT_THAT(notes_of("IPAddressDeny=any\n"),
              ElementsAre(HasSubstr("an abstract AF_UNIX socket")));
  EXPECT_THAT(notes_of("IPAddressDeny=any\nPrivateNetwork=yes\n"), IsEmpty());
}

}  // namespace
}  // namespace sandproof
