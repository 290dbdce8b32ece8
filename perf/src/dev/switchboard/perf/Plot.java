package dev.switchboard.perf;

/// A picture of a results page.
sealed interface Plot permits BarPlot, LinePlot {
  /// The end of its file's name.
  String name();

  /// What it shows, in a few words.
  String title();

  /// The whole file.
  String svg();

  /// What one colour and one pattern of strokes stand for.
  ///
  /// @param hue number of its colour
  /// @param strokes number of its pattern; bars have none
  record Series(String label, int hue, int strokes) {
    /// The series of a server, which has the same colour on every page.
    static Series of(ServerKind kind) {
      return new Series(kind.label(), kind.ordinal(), 0);
    }

    /// Another value of the same thing.
    Series with(String more, int otherStrokes) {
      return new Series(label + " " + more, hue, otherStrokes);
    }
  }
}
