#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "model/check.h"

namespace sandproof::report {

// What GitHub takes of a step's summary is 1 MiB; some of it is left to others.
inline constexpr std::size_t most_markdown = 1'000'000;

// GitHub-flavoured Markdown, for a job's summary or a comment: a table of the directives a unit,
// and the findings with what reproduces them. Never more than `most` bytes: units whose details do
// not fit are counted.
std::string markdown_report(std::span<const CheckResult> results, std::size_t most = most_markdown);

}  // namespace sandproof::report
