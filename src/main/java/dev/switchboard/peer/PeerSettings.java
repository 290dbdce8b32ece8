package dev.switchboard.peer;

import dev.switchboard.link.LinkSettings;
import java.time.Duration;

/// The limits of what a node says to its peers.
///
/// @param link window, age and lease of each link
/// @param questionTimeout how long an answer may take
/// @param questionsMax questions to one peer that wait for an answer
/// @param digestInterval how often interest is compared with each peer
public record PeerSettings(
    LinkSettings link, Duration questionTimeout, int questionsMax, Duration digestInterval) {}
