package dev.switchboard.config;

import dev.switchboard.config.Problems.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// What must hold between the values about back ends. Pure functions.
final class BackendRules {
  private static final Pattern NAME = Pattern.compile("[-a-zA-Z0-9_.]{1,64}");

  private BackendRules() {}

  static List<Violation> violations(GatewayConfig config) {
    var found = new ArrayList<Violation>();
    List<BackendConfig.Endpoint> endpoints = config.backend().endpoints();
    for (int index = 0; index < endpoints.size(); index++) {
      String path = "backend.endpoints." + index;
      String url = endpoints.get(index).url();
      found.addAll(nameIsGood(path + ".name", endpoints.get(index).name()));
      if (!EventRules.isUrl(url)) {
        found.add(
            Violation.of(
                path + ".url",
                "is \"%s\"; allowed is http:// or https:// with a host".formatted(url)));
      }
    }
    var names = new HashSet<String>();
    List<BackendConfig.RpcNamespace> namespaces = config.rpc().namespaces();
    for (int index = 0; index < namespaces.size(); index++) {
      String key = "rpc.namespaces." + index + ".name";
      String name = namespaces.get(index).name();
      found.addAll(nameIsGood(key, name));
      if (!names.add(name)) {
        found.add(Violation.of(key, "is \"%s\", as is an earlier one".formatted(name)));
      }
    }
    return found;
  }

  private static List<Violation> nameIsGood(String key, String name) {
    return NAME.matcher(name).matches()
        ? List.of()
        : List.of(
            Violation.of(
                key,
                "is \"%s\"; allowed are 1 to 64 letters, digits, dots, dashes and underscores"
                    .formatted(name)));
  }
}
