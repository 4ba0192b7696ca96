// The ways around what is mounted over a path: what a process gets that reaches the very same
// object by another mount, by none at all, or by a process outside of the sandbox.
#pragma once

#include <string>

#include "guarantee/guarantee.h"

namespace sandproof::guarantee {

// To change what the unit sees read-only.
void add_write_doors(Promise& promise, const Subject& subject, const std::string& path);

// To reach what the unit does not see, or may not open.
void add_read_doors(Promise& promise, const Subject& subject, const std::string& path);

}  // namespace sandproof::guarantee
