#include "report/claims.h"

#include <algorithm>

#include "base/text.h"
#include "check/check.h"
#include "claim/documentation.h"
#include "claim/markdown.h"
#include "claim/run.h"
#include "claim/suite.h"
#include "cli/command.h"
#include "cli/regressions.h"
#include "launch/stage.h"
#include "regression/claims.h"
#include "unit/known.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::vector<std::string> suites;
  std::string page;         // --doc
  std::string unit;         // of the page
  std::string write_suite;  // a file
  ManagerOptions manager;
  std::string format = "text";
  std::string output;
  std::string baseline;
  bool update_baseline = false;
  bool verbose = false;
  bool strict = false;
};

Result<std::vector<claim::Suite>> load_suites(const Options& options,
                                              const std::filesystem::path& probes) {
  const auto names = claim::probe_names(probes);
  std::vector<claim::Suite> suites;
  for (const auto& path : options.suites) {
    const auto files = claim::suite_files(path);
    if (!files) return files.error();
    for (const auto& file : *files) {
      auto suite = claim::load_suite(file, names);
      if (!suite) return suite.error();
      suites.push_back(*std::move(suite));
    }
  }
  return suites;
}

// VERSION_CODENAME= of os-release(5).
std::string release_of_this_machine() {
  const std::string name = "VERSION_CODENAME=";
  const auto text = read_input("/etc/os-release");
  for (const auto& line : sandproof::split(text ? *text : "", '\n')) {
    if (line.starts_with(name)) return line.substr(name.size());
  }
  return {};
}

// A suite that names a root file system runs over it, and over no other.
Result<std::unique_ptr<Manager>> manager_for(const ManagerOptions& options,
                                             const std::string& root) {
  if (root.empty()) return open_manager(options);
  return boot_throwaway({.root = root});
}

report::SuiteResult run_suite(claim::Suite suite, const Options& options,
                              const std::filesystem::path& probes, Progress& progress) {
  claim::SuiteRun run(
      std::move(suite),
      {probes, [&options](const std::string& root) { return manager_for(options.manager, root); },
       options.manager.is_disposable_host ? release_of_this_machine() : ""});
  report::SuiteResult result{run.suite().name, run.suite().document, {}, {}};
  for (const auto& claim : run.suite().claims) {
    progress.show(claim.id);
    result.claims.push_back(run.run(claim));
  }
  if (run.facts() != nullptr) result.manager = *run.facts();
  return result;
}

std::string report_of(const std::vector<report::SuiteResult>& results, const Options& options) {
  if (options.format == "json") return report::claims_json(results);
  if (options.format == "markdown") return report::claims_markdown(results);
  return report::claims_text(results,
                             {wants_colour(options.output), options.verbose, terminal_width()});
}

// Names of another kind, such as a table's own headings, are left out.
Result<std::vector<claim::Mention>> mentions_of(Manager& manager, const std::string& page) {
  const auto text = claim::read_text_file(page);
  if (!text) return text.error();
  auto found = claim::find_mentions(*text);
  if (!found) return found.error().with_prefix(page);
  const auto known = unit::known_names(manager);
  if (!known) return known.error();
  auto mentions = claim::merge_mentions(*found);
  std::erase_if(mentions, [&known](const claim::Mention& mention) {
    return known->section_of(mention.name).empty() && unit::needs_systemd(mention.name, {}) == 0;
  });
  return mentions;
}

Result<DocumentationResult> read_documentation(const Options& options,
                                               const std::filesystem::path& probes) {
  auto manager = open_manager(options.manager);
  if (!manager) return manager.error();
  const auto mentions = mentions_of(**manager, options.page);
  if (!mentions) return mentions.error();
  if (options.unit.empty()) return claim::describe_page(options.page, *mentions);
  CheckOptions check;
  check.probes = probes;
  const auto checked = check_unit(**manager, options.unit, check);
  if (!checked) return checked.error();
  return claim::compare(options.page, *mentions, *checked);
}

int run_documentation(const Options& options) {
  const auto probes = launch::probes_on_this_machine();
  if (!probes) return fail(probes.error());
  const auto result = read_documentation(options, *probes);
  if (!result) return fail(result.error());
  if (!options.write_suite.empty()) {
    // A suite names a unit file relative to itself.
    std::error_code error;
    const auto unit = options.unit.find('/') == std::string::npos
                          ? options.unit
                          : std::filesystem::absolute(options.unit, error).string();
    const auto written = write_result(claim::suite_skeleton(*result, unit), options.write_suite);
    if (!written) return fail(written.error());
  }
  const auto text = options.format == "json" ? report::documentation_json(*result)
                                             : report::documentation_text(*result);
  if (auto written = write_result(text, options.output); !written) return fail(written.error());
  return result->has_finding() ? finding : all_held;
}

// What was claimed before; the first update makes the file.
Result<std::vector<regression::EarlierClaim>> read_baseline(const Options& options) {
  const bool is_new = options.update_baseline && !is_there(options.baseline);
  if (options.baseline.empty() || is_new) return std::vector<regression::EarlierClaim>{};
  const auto text = read_input(options.baseline);
  if (!text) return text.error();
  return regression::read_claims(*text, options.baseline);
}

// Holds the results against the baseline, and makes them the next one where that is asked for.
Result<void> apply_baseline(std::vector<report::SuiteResult>& results, const Options& options,
                            std::vector<regression::EarlierClaim> earlier) {
  if (options.update_baseline) {
    const auto next = report::claims_json(results);
    if (auto written = write_result(next, options.baseline); !written) return written.error();
    auto updated = regression::read_claims(next, options.baseline);
    if (!updated) return updated.error();
    earlier = *std::move(updated);
  }
  for (auto& result : results) {
    for (const auto& gone : regression::hold_claims_against(result.name, result.claims, earlier)) {
      tell(gone);
    }
  }
  return {};
}

int run_claims(const Options& options) {
  if (!options.page.empty()) return run_documentation(options);
  if (options.manager.is_disposable_host && options.manager.kind != "host") {
    return fail(bad_input("--disposable-host is about the host's systemd: say --manager host"));
  }
  const auto earlier = read_baseline(options);
  if (!earlier) return fail(earlier.error());
  const auto probes = launch::probes_on_this_machine();
  if (!probes) return fail(probes.error());
  auto suites = load_suites(options, *probes);
  if (!suites) return fail(suites.error());
  std::vector<report::SuiteResult> results;
  {
    Progress progress;
    for (auto& suite : *suites) {
      results.push_back(run_suite(std::move(suite), options, *probes, progress));
    }
  }
  if (auto applied = apply_baseline(results, options, *earlier); !applied) {
    return fail(applied.error());
  }
  if (auto written = write_result(report_of(results, options), options.output); !written) {
    return fail(written.error());
  }
  const bool has_finding =
      std::any_of(results.begin(), results.end(), [&options](const report::SuiteResult& result) {
        return std::any_of(
            result.claims.begin(), result.claims.end(),
            [&options](const ClaimResult& claim) { return claim.is_finding(options.strict); });
      });
  return has_finding ? finding : all_held;
}

}  // namespace

void add_claims(CLI::App& program, int& status) {
  auto options = std::make_shared<Options>();
  auto* command = program.add_subcommand("claims", "Is each documented claim true?");
  auto* suites = command->add_option("SUITE", options->suites, "A suite, or a folder of them");
  auto* page =
      command
          ->add_option("--doc", options->page,
                       "A page of Markdown: which directives it names, and whether they hold")
          ->type_name("FILE");
  auto* unit = command->add_option("--unit", options->unit, "The unit that the page is about")
                   ->type_name("UNIT");
  auto* skeleton = command
                       ->add_option("--write-suite", options->write_suite,
                                    "Write a suite of the page here, for a person to finish")
                       ->type_name("FILE");
  page->excludes(suites);
  unit->needs(page);
  skeleton->needs(page);
  add_manager_options(*command, options->manager);
  command
      ->add_flag("--disposable-host", options->manager.is_disposable_host,
                 "With --manager host, on a machine that is thrown away afterwards: make the "
                 "accounts, files and units of the suites on it, and start and stop them there; "
                 "they stay")
      ->excludes(page);
  command->add_option("--format", options->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  auto* baseline =
      command
          ->add_option("--baseline", options->baseline,
                       "An earlier result (--format json): only what got worse since is a finding")
          ->type_name("FILE")
          ->excludes(page);
  command
      ->add_flag("--update-baseline", options->update_baseline,
                 "Make what is found now the baseline, of all suites that are named")
      ->needs(baseline);
  command->add_flag("-v,--verbose", options->verbose, "Show the evidence of every claim");
  command->add_flag("--strict", options->strict,
                    "Exit with 1 for what is unproven or untestable, too");
  command->callback([options, &status] {
    if (options->suites.empty() && options->page.empty()) {
      throw CLI::RequiredError("SUITE or --doc");
    }
    status = run_claims(*options);
  });
}

}  // namespace sandproof::cli
