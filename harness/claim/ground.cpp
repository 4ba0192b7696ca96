#include "claim/ground.h"

#include "base/program.h"
#include "base/text.h"
#include "claim/look.h"
#include "unit/prepare.h"
#include "unit/unit_folder.h"

namespace sandproof::claim {

namespace {

bool is_path(const std::string& unit) { return unit.find('/') != std::string::npos; }

bool is_service(const std::string& name) { return name.ends_with(".service"); }

// "org.freedesktop.systemd1.Timer" of "x.timer".
std::string interface_of(const std::string& name) {
  std::string kind = name.substr(name.rfind('.') + 1);
  if (!kind.empty()) kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
  return "org.freedesktop.systemd1." + kind;
}

std::string folder_of(const std::string& path) {
  return std::filesystem::path(path).parent_path().string();
}

}  // namespace

Result<std::unique_ptr<Ground>> Ground::make(const Suite& suite, std::unique_ptr<Manager> manager,
                                             std::filesystem::path probes) {
  std::unique_ptr<Ground> ground(
      new Ground(std::move(manager), suite.file.parent_path(), std::move(probes)));
  auto pristine = pristine_properties(*ground->manager_);
  if (!pristine) return pristine.error();
  ground->pristine_ = *std::move(pristine);
  const bool needs_making = !suite.accounts.empty() || !suite.files.empty();
  if (!needs_making) return ground;
  if (!ground->manager_->is_disposable()) {
    return cannot_run(
        "the suite describes a machine of its own; use --manager throwaway, or --disposable-host "
        "on one that is thrown away");
  }
  if (auto made = ground->make_accounts(suite.accounts); !made) return made.error();
  if (auto made = ground->make_files(suite.files); !made) return made.error();
  return ground;
}

Result<void> Ground::make_accounts(const std::vector<std::string>& accounts) {
  if (accounts.empty()) return {};
  std::string lines;
  for (const auto& name : accounts) lines += "u " + name + " -\n";
  const auto done =
      run_program("systemd-sysusers", {"--root=" + manager_->files().name().string(), "-"}, lines);
  if (!done) return done.error().with_prefix("cannot make the suite's accounts");
  return {};
}

Result<void> Ground::remove_if_there(const std::string& path) {
  if (!manager_->files().exists(path)) return {};
  return manager_->files().remove(path);
}

Result<std::string> Ground::content_of(const SceneFile& file) const {
  if (!file.copy_of.empty()) {
    const auto whole = folder_ / file.copy_of;
    auto source = RootedFs::open(whole.parent_path());
    if (!source) return source.error();
    return source->read(whole.filename().string());
  }
  std::string content;
  for (const auto& line : file.content) content += line + "\n";
  return content;
}

Result<void> Ground::make_file(const SceneFile& file) {
  const auto& files = manager_->files();
  if (file.is_folder) {
    if (auto made = files.make_folders(file.path); !made) return made;
    return give(files, file.path, file.owner, file.mode);
  }
  if (auto removed = remove_if_there(file.path); !removed || file.is_gone) return removed;
  const std::string folder = folder_of(file.path);
  if (auto made = files.make_folders(folder); !made) return made;
  if (!file.link_to.empty()) return make_symlink(files, file.path, file.link_to);
  const auto content = content_of(file);
  if (!content) return content.error();
  if (auto written = files.write_new(file.path, *content, file.mode); !written) return written;
  return give(files, file.path, file.owner, file.mode);
}

Result<void> Ground::make_files(const std::vector<SceneFile>& files) {
  for (const auto& file : files) {
    if (auto made = make_file(file); !made) return made.error();
  }
  return unit::reload(*manager_);
}

Result<std::string> Ground::install(const std::string& unit) {
  const auto known = installed_.find(unit);
  if (known != installed_.end()) return known->second;
  if (is_path(unit) || is_service(unit)) {
    auto loaded = load_unit(*manager_, is_path(unit) ? (folder_ / unit).string() : unit, pristine_);
    // A masked unit can be started, too, if only to see that it does not.
    if (!loaded && !is_path(unit)) return installed_.emplace(unit, unit).first->second;
    if (!loaded) return loaded.error();
    if (auto prepared = prepare(*manager_, loaded->unit); !prepared) return prepared.error();
    return installed_.emplace(unit, loaded->unit.name).first->second;
  }
  return installed_.emplace(unit, unit).first->second;
}

Result<std::string> Ground::install_beside(const std::string& unit, const std::string& name) {
  const auto beside = std::filesystem::path(unit).parent_path() / name;
  std::error_code error;
  const bool is_there =
      is_path(unit) && is_service(name) && std::filesystem::exists(folder_ / beside, error);
  return install(is_there ? beside.string() : name);
}

Result<LoadedUnit> Ground::load(const std::string& unit, const std::vector<std::string>& drop_in) {
  auto name = install(unit);
  if (!name) return name.error();
  if (!drop_in.empty()) {
    if (auto added = add_drop_in(*name, drop_in); !added) return added.error();
  }
  if (auto refreshed = refresh(); !refreshed) return refreshed.error();
  auto loaded = load_unit(*manager_, *name, pristine_);
  if (auto removed = remove_drop_ins(); !removed) return removed.error();
  return loaded;
}

Result<void> Ground::add_drop_in(const std::string& name, const std::vector<std::string>& lines) {
  if (!manager_->is_disposable()) {
    return cannot_run("a drop-in would change the machine's own unit; use --manager throwaway");
  }
  const std::string folder = manager_->folders().volatile_units + "/" + name + ".d";
  if (auto made = manager_->files().make_folders(folder); !made) return made;
  const std::string path = folder + "/zz-claim-" + std::to_string(drop_ins_.size()) + ".conf";
  if (auto written = manager_->files().write_new(path, drop_in_text(lines), 0644); !written) {
    return written;
  }
  drop_ins_.push_back(path);
  is_stale_ = true;
  return {};
}

Result<void> Ground::refresh() {
  if (!is_stale_) return {};
  is_stale_ = false;
  return unit::reload(*manager_);
}

Result<void> Ground::remove_drop_ins() {
  if (drop_ins_.empty()) return {};
  for (const auto& path : drop_ins_) {
    if (auto removed = manager_->files().remove(path); !removed) return removed;
  }
  drop_ins_.clear();
  is_stale_ = true;
  return {};
}

Result<Properties> Ground::properties(const std::string& name) {
  if (auto refreshed = refresh(); !refreshed) return refreshed.error();
  // To be asked for makes systemd load it.
  if (auto loaded = manager_->load(name); !loaded) return loaded.error();
  auto all = manager_->unit_properties(name);
  if (!all) return all;
  auto own = manager_->bus().get_all(bus::Connection::unit_path(name), interface_of(name));
  if (own) all->merge(*own);
  return all;
}

Result<void> Ground::write(const std::string& path, const std::string& content) {
  const auto& files = manager_->files();
  if (!manager_->is_disposable()) return cannot_run("claims write nothing on a host");
  if (!before_.contains(path)) {
    std::optional<std::string> before;
    if (auto text = files.read(path)) before = *std::move(text);
    before_.emplace(path, std::move(before));
  }
  if (auto made = files.make_folders(folder_of(path)); !made) return made;
  if (auto removed = remove_if_there(path); !removed) return removed;
  return files.write_new(path, content, 0644);
}

Result<void> Ground::take_back() {
  for (const auto& [path, content] : before_) {
    if (auto removed = remove_if_there(path); !removed) return removed;
    if (!content) continue;
    if (auto written = manager_->files().write_new(path, *content, 0644); !written) return written;
  }
  before_.clear();
  return {};
}

Result<void> Ground::place_standins(const std::string& name) {
  const auto all = properties(name);
  if (!all) return all.error();
  auto source = RootedFs::open(probes_);
  if (!source) return source.error();
  for (const auto& [property, value] : *all) {
    // ExecStart, ExecStartPre, …: a(sasbttttuii); their …Ex twins say the same.
    if (!property.starts_with("Exec") || value.signature != "a(sasbttttuii)") continue;
    for (const auto& command : value.elements()) {
      const std::string path = to_string(command.elements().at(0));
      if (manager_->files().exists(path)) continue;
      if (auto made = manager_->files().make_folders(folder_of(path)); !made) return made;
      const auto program = source->read("standin");
      if (!program) return program.error();
      if (auto copied = manager_->files().write_new(path, *program, 0755); !copied) return copied;
    }
  }
  return {};
}

std::string drop_in_text(const std::vector<std::string>& lines) {
  std::string text = lines.empty() || lines.front().starts_with('[') ? "" : "[Service]\n";
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace sandproof::claim
