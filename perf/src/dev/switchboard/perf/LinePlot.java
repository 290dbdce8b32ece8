package dev.switchboard.perf;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// Values over a number, a line for each series.
///
/// @param x what lies below, with its unit
/// @param y what is measured, with its unit
/// @param logarithmic whether equal steps multiply, in both directions
record LinePlot(
    String name, String title, String x, String y, boolean logarithmic, List<Line> lines)
    implements Plot {
  /// Room at both ends of the lower axis.
  private static final double EDGE = 0.04;

  /// One line, from left to right.
  record Line(Series series, List<Point> points) {}

  /// One value.
  record Point(double x, double y) {}

  @Override
  public String svg() {
    List<Line> known = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    Canvas canvas = new Canvas(title, x, y, known.stream().map(Line::series).toList(), false);
    Scale up = scale(points(known).mapToDouble(Point::y));
    canvas.leftAxis(up);
    double[] across = points(known).mapToDouble(Point::x).distinct().sorted().toArray();
    for (double value : across) {
      canvas.below(share(across, value), Scale.text(value));
    }
    for (Line line : known) {
      canvas.line(
          line.series(),
          line.points().stream()
              .map(point -> new double[] {share(across, point.x()), up.share(point.y())})
              .toList());
    }
    return canvas.svg();
  }

  private static Stream<Point> points(List<Line> lines) {
    return lines.stream().flatMap(line -> line.points().stream());
  }

  private Scale scale(DoubleStream values) {
    return logarithmic ? Scale.logarithmic(values) : Scale.linear(values);
  }

  /// Between the first and the last value there is: what lies beyond them would be empty.
  private double share(double[] across, double value) {
    double first = across[0];
    double range = across[across.length - 1] - first;
    Scale scale = new Scale(first, first + range, logarithmic ? 0 : range);
    return range == 0 ? 0.5 : EDGE + (1 - 2 * EDGE) * scale.share(value);
  }
}
