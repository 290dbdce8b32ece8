package dev.switchboard.tenure;

/// Asks a node for what it may have of a shard's term; the answer is a [GaveUp].
///
/// @param shard number of the shard
/// @param copy what the asker has
/// @param successor voter of the asker
/// @param plea what is asked for
public record GiveUp(int shard, Copy copy, long successor, Plea plea) {
  /// What is asked for.
  ///
  /// @param freed voter of a node that renounced, so that what it was given may be given anew; 0
  ///   for none
  public record Plea(Kind kind, long freed) {
    /// Give what you have as a holder.
    public static final Plea GIVE = new Plea(Kind.GIVE, 0);

    /// Never go on by what others gave you.
    public static final Plea RENOUNCE = new Plea(Kind.RENOUNCE, 0);

    /// Say for whom you gave it up, and change nothing.
    public static final Plea TELL = new Plea(Kind.TELL, 0);

    /// What the node is to do; in the order in which they are written.
    public enum Kind {
      GIVE,
      RENOUNCE,
      TELL
    }

    /// Give anew what a node was given that renounced.
    public static Plea giveAgain(long freed) {
      return new Plea(Kind.GIVE, freed);
    }
  }
}
