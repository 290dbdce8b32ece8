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
  /// @param renounce whether the node is never to go on by what others gave it; else it is to give
  ///   what it has as a holder
  /// @param freed voter of a node that renounced, so that what it was given may be given anew; 0
  ///   for none
  public record Plea(boolean renounce, long freed) {
    /// Give what you have as a holder.
    public static final Plea GIVE = new Plea(false, 0);

    /// Never go on by what others gave you.
    public static final Plea RENOUNCE = new Plea(true, 0);

    /// Give anew what a node was given that renounced.
    public static Plea giveAgain(long freed) {
      return new Plea(false, freed);
    }
  }
}
