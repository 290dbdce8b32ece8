package dev.switchboard.deploy;

import java.util.List;
import java.util.function.Function;

/// What must hold of everything that can be deployed.
enum Rule {
  FIELDS_EXIST(StrictModel::faults),
  SELECTORS_MATCH(Wiring::selectorsMatch),
  PORTS_EXIST(Wiring::portsExist),
  CONFIGURATION_IS_GOOD(Wiring::configurationIsGood),
  SECRETS_ARE_WHOLE(Wiring::secretsAreWhole),
  PROBES_ASK_THE_NODE(PodRules::probesAskTheNode),
  RUNS_AS_NOBODY(PodRules::runsAsNobody),
  NO_TOKEN_IS_MOUNTED(PodRules::noTokenIsMounted),
  IMAGE_IS_NAMED(PodRules::imageIsNamed),
  RESOURCES_ARE_BOUNDED(PodRules::resourcesAreBounded),
  PODS_ARE_SPREAD(PodRules::podsAreSpread),
  CLUSTER_PORTS_ARE_CLOSED(AccessRules::clusterPortsAreClosed),
  INTERNAL_PORT_IS_CLOSED(AccessRules::internalPortIsClosed),
  NEEDED_PORTS_ARE_OPEN(AccessRules::neededPortsAreOpen),
  NODES_FIND_EACH_OTHER(AccessRules::nodesFindEachOther),
  CLIENTS_ARE_NOT_PINNED(AccessRules::clientsAreNotPinned),
  GRACE_COVERS_THE_DRAIN(LeavingRules::graceCoversTheDrain),
  ONE_LEAVES_AT_A_TIME(LeavingRules::oneLeavesAtATime),
  ENOUGH_STAY(LeavingRules::enoughStay),
  SCALING_FITS(LeavingRules::scalingFits);

  private final Function<Manifests, List<String>> faults;

  Rule(Function<Manifests, List<String>> faults) {
    this.faults = faults;
  }

  /// What breaks it, a sentence each.
  List<String> faults(Manifests manifests) {
    return faults.apply(manifests);
  }
}
