package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Some members of a channel, in the order of their ids. Immutable.
///
/// @param next the last of them when there are more, to go on after
public record PresencePage(List<Member> members, Optional<ClientId> next) {
  /// Copies the members.
  public PresencePage {
    members = List.copyOf(members);
  }

  /// The page of all, made of the same page of each node's own.
  ///
  /// @param limit of each, and of this one
  public static PresencePage of(List<PresencePage> pages, int limit) {
    List<Member> all =
        pages.stream()
            .flatMap(page -> page.members().stream())
            .sorted(Comparator.comparing(Member::id))
            .toList();
    boolean more = all.size() > limit || pages.stream().anyMatch(page -> page.next().isPresent());
    List<Member> first = all.subList(0, Math.min(limit, all.size()));
    return new PresencePage(first, more ? Optional.of(first.getLast().id()) : Optional.empty());
  }
}
