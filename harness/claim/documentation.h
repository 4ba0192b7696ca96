// A page of Markdown against the unit that it is about.
#pragma once

#include <string>
#include <vector>

#include "claim/markdown.h"
#include "model/check.h"
#include "model/documentation.h"

namespace sandproof::claim {

// Nothing to compare with: what the page names.
DocumentationResult describe_page(const std::string& page, const std::vector<Mention>& mentions);
// `checked` says of each directive of the unit whether it holds.
DocumentationResult compare(const std::string& page, const std::vector<Mention>& mentions,
                            const CheckResult& checked);

// A suite for a person to finish: that each directive is in force as the page has it, which a run
// can already decide.
std::string suite_skeleton(const DocumentationResult& result, const std::string& unit);

}  // namespace sandproof::claim
