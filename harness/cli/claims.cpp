#include "report/claims.h"

#include <algorithm>

#include "claim/run.h"
#include "claim/suite.h"
#include "cli/command.h"
#include "launch/stage.h"

namespace sandproof::cli {

namespace {

struct Options {
  std::vector<std::string> suites;
  ManagerOptions manager;
  std::string format = "text";
  std::string output;
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

// A suite that names a root file system runs over it, and over no other.
Result<std::unique_ptr<Manager>> manager_for(const ManagerOptions& options,
                                             const std::string& root) {
  if (root.empty()) return open_manager(options);
  return boot_throwaway({.root = root});
}

report::SuiteResult run_suite(claim::Suite suite, const Options& options,
                              const std::filesystem::path& probes, Progress& progress) {
  claim::SuiteRun run(std::move(suite), {probes, [&options](const std::string& root) {
                                           return manager_for(options.manager, root);
                                         }});
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

int run_claims(const Options& options) {
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
  command->add_option("SUITE", options->suites, "A suite, or a folder of them")->required();
  add_manager_options(*command, options->manager);
  command->add_option("--format", options->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  add_output_option(*command, options->output);
  command->add_flag("-v,--verbose", options->verbose, "Show the evidence of every claim");
  command->add_flag("--strict", options->strict,
                    "Exit with 1 for what is unproven or untestable, too");
  command->callback([options, &status] { status = run_claims(*options); });
}

}  // namespace sandproof::cli
