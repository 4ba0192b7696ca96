// What a throwaway lacks and a unit needs.
#include <sys/stat.h>

#include "base/text.h"
#include "unit/load_live_test.h"
#include "unit/prepare.h"

namespace sandproof {
namespace {

using namespace testing_support;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Prepare : public LoadUnit {
 protected:
  std::vector<std::string> prepare_text(const std::string& text) {
    auto made = prepare(*manager_, load_text(text).unit);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : std::vector<std::string>();
  }
  std::string facts_of(const std::string& path) const {
    struct stat facts {};
    // Relative, so that it stays in the throwaway's root.
    const auto real = manager_->files().name() / path.substr(1);
    if (lstat(real.c_str(), &facts) < 0) return "absent";
    char mode[8];
    std::snprintf(mode, sizeof(mode), "%04o", facts.st_mode & 07777);
    return std::string(S_ISDIR(facts.st_mode) ? "folder " : "file ") + mode + " " +
           owner(facts.st_uid, "/etc/passwd") + ":" + owner(facts.st_gid, "/etc/group");
  }
  std::string owner(unsigned id, const std::string& database) const {
    for (const auto& line : split(*manager_->files().read(database), '\n')) {
      const auto fields = split(line, ':');
      if (fields.size() > 2 && fields[2] == std::to_string(id)) return fields[0];
    }
    return std::to_string(id);
  }
};

TEST_F(Prepare, NothingIsMadeForAUnitThatNeedsNothing) {
  EXPECT_THAT(prepare_text("User=nobody\nReadWritePaths=/var/tmp -/no/such/folder\n"), IsEmpty());
}

TEST_F(Prepare, UsersAndGroupsAreMade) {
  EXPECT_THAT(prepare_text("User=worker\nGroup=workers\nSupplementaryGroups=helpers nogroup\n"),
              ElementsAre("user worker", "group workers", "group helpers"));
  const auto passwd = manager_->files().read("/etc/passwd");
  const auto group = manager_->files().read("/etc/group");
  EXPECT_THAT(*passwd, HasSubstr("\nworker:"));
  EXPECT_THAT(*group, HasSubstr("\nworkers:"));
  EXPECT_THAT(*group, HasSubstr("\nhelpers:"));
}

TEST_F(Prepare, AUserComesWithItsGroup) {
  EXPECT_THAT(prepare_text("User=worker\nGroup=worker\n"), ElementsAre("user worker"));
  EXPECT_THAT(*manager_->files().read("/etc/group"), HasSubstr("\nworker:"));
}

TEST_F(Prepare, FoldersAndFilesAreMadeForTheirOwners) {
  EXPECT_THAT(
      prepare_text("User=worker\nReadWritePaths=/srv/data +/srv/plus /var/lib/own\n"
                   "ReadOnlyPaths=/srv/100%% \"/srv/with space\" /srv/conf.d /srv/settings.json\n"
                   "BindPaths=/srv/source:/srv/target -/srv/not:/x\nStateDirectory=own\n"
                   "StateDirectoryMode=0711\nWorkingDirectory=/srv/work\n"
                   "LoadCredential=one:/srv/creds/one\nLoadCredential=two:relative\n"),
      ElementsAre("user worker", "/srv/data", "/srv/plus", "/srv/100%", "/srv/with space",
                  "/srv/conf.d", "/srv/settings.json", "/srv/source", "/srv/creds/one",
                  "/srv/work"));
  EXPECT_EQ(facts_of("/srv/data"), "folder 0755 worker:worker");
  EXPECT_EQ(facts_of("/srv/plus"), "folder 0755 worker:worker");
  // systemd makes it when the unit starts.
  EXPECT_EQ(facts_of("/var/lib/own"), "absent");
  EXPECT_EQ(facts_of("/srv/100%"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/with space"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/conf.d"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/settings.json"), "file 0640 worker:worker");
  EXPECT_EQ(facts_of("/srv/source"), "folder 0755 root:root");
  EXPECT_EQ(facts_of("/srv/creds/one"), "file 0600 root:root");
  EXPECT_EQ(facts_of("/srv/work"), "folder 0755 worker:worker");
  EXPECT_EQ(facts_of("/srv/target"), "absent");
  EXPECT_EQ(*manager_->files().read("/srv/creds/one"), "sandproof\n");
}

TEST_F(Prepare, TheUnitsOfTheProjectGetWhatTheyNeed) {
  const auto prepared = [this](const std::string& name) {
    auto made = prepare(*manager_, load(units(name)).unit);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made : std::vector<std::string>();
  };
  EXPECT_THAT(prepared("runwisp.service"),
              ElementsAre("user runwisp", "/var/lib/runwisp", "/etc/runwisp"));
  EXPECT_THAT(prepared("cloudflared-tunnel.service"),
              ElementsAre("user cloudflared", "/run/agenix/cloudflare_tunnel_token"));
  EXPECT_EQ(facts_of("/run/agenix/cloudflare_tunnel_token"), "file 0640 cloudflared:cloudflared");
  EXPECT_THAT(prepared("fluxheim-acme.service"),
              ElementsAre("user fluxheim", "/etc/fluxheim", "/srv/fluxheim",
                          "/etc/fluxheim/secrets/actalis-eab-hmac-key",
                          "/etc/fluxheim/secrets/actalis-eab-kid"));
  EXPECT_THAT(prepared("fluxheim.service"), IsEmpty());
  EXPECT_THAT(prepared("numa.service"), IsEmpty());
  EXPECT_THAT(prepared("numa-1-user.service"), ElementsAre("user numa"));
}

}  // namespace
}  // namespace sandproof
