#include "base/program.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/process.hpp>
#include <future>
#include <system_error>

#include "base/text.h"

namespace sandproof {

namespace {

namespace process = boost::process;

boost::filesystem::path path_of(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  // A user's $PATH often lacks them.
  auto folders = boost::this_process::path();
  for (const char* folder : {"/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"}) {
    folders.emplace_back(folder);
  }
  return process::search_path(program, folders);
}

// The last line; where git gives advice after it, the one that says what was fatal.
std::string complaint_in(const std::string& text) {
  const auto lines = split(trim(text), '\n');
  const auto fatal = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("fatal: ");
  });
  return fatal == lines.end() ? lines.back() : *fatal;
}

}  // namespace

Result<std::string> run_program(const std::string& program,
                                const std::vector<std::string>& arguments, const std::string& input,
                                std::chrono::milliseconds limit) {
  const auto path = path_of(program);
  if (path.empty()) return cannot_run(program + " is not installed");
  boost::asio::io_context loop;
  std::future<std::string> output;
  std::future<std::string> complaints;
  std::error_code error;
  process::child child(path, process::args(arguments),
                       (process::std_in < boost::asio::buffer(input)), (process::std_out > output),
                       (process::std_err > complaints), loop, error);
  if (error) return cannot_run("cannot execute " + path.string() + ": " + error.message());
  loop.run_for(limit);
  if (!loop.stopped()) {
    child.terminate(error);
    return cannot_run(program + " did not end within " + std::to_string(limit.count()) + " ms");
  }
  child.wait(error);
  if (error) return cannot_run("cannot wait for " + program + ": " + error.message());
  if (child.exit_code() != 0) {
    const std::string complaint = complaint_in(complaints.get());
    return cannot_run(program + " failed with status " + std::to_string(child.exit_code()) +
                      (complaint.empty() ? "" : ": " + complaint));
  }
  return output.get();
}

}  // namespace sandproof
