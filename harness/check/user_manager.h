// What a user manager lets a unit start without.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "check/scene.h"
#include "model/check.h"

namespace sandproof {

// A note on the directives that leak since the user manager may not make the namespaces that they
// need, and that PrivateUsers=yes is seen to have it make; none of the system's manager.
Result<std::vector<std::string>> notes_on_user_manager(Scene& scene, const CheckResult& result);

}  // namespace sandproof
