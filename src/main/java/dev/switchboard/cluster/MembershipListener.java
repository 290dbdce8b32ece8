package dev.switchboard.cluster;

import java.util.Set;

/// Hears who is in the cluster; called on the context that was given with it, never elsewhere.
public interface MembershipListener {
  /// Who is there has changed, or is told for the first time.
  ///
  /// @param own this node's incarnation
  /// @param others everybody else
  void onMembers(long own, Set<Member> others);

  /// This node was taken into another cluster and lost its incarnation: what others know of it is
  /// about a node that is gone. Who is there is told right after.
  ///
  /// @param own the new incarnation
  void onMerged(long own);
}
