package dev.switchboard.cluster;

import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a line for each node that comes or goes. Confined to the context it is called on.
///
/// In place of Hazelcast's own lines, which are many and call every leave a suspicion.
public final class MembershipLog implements MembershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(MembershipLog.class);

  private Set<Member> known = Set.of();

  @Override
  public void onMembers(long own, Set<Member> others) {
    others.stream().filter(isIn(known).negate()).forEach(member -> log("joined", member, others));
    known.stream().filter(isIn(others).negate()).forEach(member -> log("left", member, others));
    known = others;
  }

  @Override
  public void onMerged(long own) {
    LOG.atWarn()
        .addKeyValue("incarnation", text(own))
        .log("merged into another part of the cluster, so this node starts a new stay");
    known = Set.of();
  }

  private static Predicate<Member> isIn(Set<Member> members) {
    return members::contains;
  }

  private static void log(String event, Member member, Set<Member> others) {
    LOG.atInfo()
        .addKeyValue("node", member.name())
        .addKeyValue("incarnation", text(member.incarnation()))
        .addKeyValue("address", member.address())
        .addKeyValue("nodes", others.size() + 1)
        .log("node " + event);
  }

  private static String text(long incarnation) {
    return "%016x".formatted(incarnation);
  }
}
