package dev.switchboard.perf;

import java.util.List;

/// The SVG that both kinds of plot are drawn on: axes, legend, and the colours of both modes.
///
/// Coordinates of what is drawn are shares of the area between the axes, from its lower left.
final class Canvas {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int LEFT = 92;
  private static final int RIGHT = 20;
  private static final int TOP = 48;
  private static final int BOTTOM = 64;
  private static final int LEGEND_LINE = 20;

  /// About what a letter of the legend takes.
  private static final double LETTER = 7.2;

  private static final int SWATCH = 26;
  private static final int LEGEND_GAP = 18;

  /// Told apart by the colour-blind too; on white, and lighter ones on black.
  private static final List<String> LIGHT =
      List.of(
          "#0068b5", "#56a3d9", "#7d3fc1", "#008a73", "#d1495b", "#c77700", "#6b7280", "#a8577e");

  private static final List<String> DARK =
      List.of(
          "#4da3ff", "#a5d3f5", "#b794f6", "#3fc9ae", "#ff7b8b", "#ffb04a", "#a3adba", "#e08fb5");

  private static final List<String> STROKES = List.of("none", "7 4", "2 4", "10 3 2 3");

  private final StringBuilder body = new StringBuilder();
  private final int legendLines;

  /// @param legend what is explained below the picture
  /// @param bars whether colours fill areas rather than lines
  Canvas(String title, String x, String y, List<Plot.Series> legend, boolean bars) {
    text(WIDTH / 2.0, 28, "middle", "title", title);
    text(LEFT + width() / 2.0, HEIGHT - 14, "middle", "label", x);
    body.append(
        "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(20 %.1f) rotate(-90)\">"
            .formatted(TOP + height() / 2.0));
    body.append(escaped(y)).append("</text>\n");
    legendLines = legend(legend, bars);
  }

  private static int width() {
    return WIDTH - LEFT - RIGHT;
  }

  private static int height() {
    return HEIGHT - TOP - BOTTOM;
  }

  private static double x(double share) {
    return LEFT + share * width();
  }

  private static double y(double share) {
    return TOP + (1 - share) * height();
  }

  private int legend(List<Plot.Series> legend, boolean bars) {
    int line = 0;
    double at = LEFT;
    for (Plot.Series series : legend) {
      double room = SWATCH + LETTER * series.label().length() + LEGEND_GAP;
      if (at > LEFT && at + room > WIDTH) {
        at = LEFT;
        line++;
      }
      double middle = HEIGHT + 6 + line * LEGEND_LINE;
      if (bars) {
        body.append(
            "<rect class=\"fill%d\" x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"14\"/>\n"
                .formatted(hue(series), at, middle - 7));
      } else {
        path("line", series, "M%.1f %.1fh20".formatted(at, middle));
      }
      text(at + SWATCH, middle + 4, "start", "label", series.label());
      at += room;
    }
    return line + 1;
  }

  /// The axis on the left, with a thin line across for each number.
  void leftAxis(Scale scale) {
    for (double tick : scale.ticks()) {
      double at = y(scale.share(tick));
      body.append("<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n".formatted(LEFT, at, WIDTH - RIGHT));
      text(LEFT - 8, at + 4, "end", "tick", Scale.text(tick));
    }
  }

  /// A number or name below the picture.
  void below(double share, String name) {
    text(x(share), HEIGHT - BOTTOM + 20, "middle", "tick", name);
  }

  /// A bar from the height `from`.
  void bar(Plot.Series series, double left, double width, double from, double to, String told) {
    body.append(
        "<rect class=\"fill%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">"
            .formatted(
                hue(series),
                x(left),
                y(Math.max(from, to)),
                width * width(),
                Math.abs(to - from) * height()));
    body.append("<title>").append(escaped(told)).append("</title></rect>\n");
  }

  /// From the least to the most of what was measured.
  void whisker(double at, double from, double to) {
    body.append(
        "<path class=\"whisker\" d=\"M%.1f %.1fh8m-4 0V%.1fm-4 0h8\"/>\n"
            .formatted(x(at) - 4, y(from), y(to)));
  }

  /// Points in order, as pairs of shares.
  void line(Plot.Series series, List<double[]> points) {
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.isEmpty() ? 'M' : 'L');
      path.append("%.1f %.1f".formatted(x(point[0]), y(point[1])));
      body.append(
          "<circle class=\"fill%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n"
              .formatted(hue(series), x(point[0]), y(point[1])));
    }
    path("line", series, path.toString());
  }

  private void path(String kind, Plot.Series series, String path) {
    String strokes = STROKES.get(series.strokes() % STROKES.size());
    body.append(
        "<path class=\"%s stroke%d\" stroke-dasharray=\"%s\" d=\"%s\"/>\n"
            .formatted(kind, hue(series), strokes, path));
  }

  private void text(double x, double y, String anchor, String kind, String text) {
    body.append(
        "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n"
            .formatted(kind, anchor, x, y, escaped(text)));
  }

  private static int hue(Plot.Series series) {
    return series.hue() % LIGHT.size();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /// The whole file. Colours follow the mode of whoever looks at it.
  String svg() {
    int height = HEIGHT + 12 + legendLines * LEGEND_LINE;
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">
    <style>
    text { font-family: system-ui, sans-serif; font-size: 13px; }
    .title { font-size: 16px; font-weight: 600; }
    .line, .grid, .whisker { fill: none; }
    .line { stroke-width: 2; }
    .whisker { stroke-width: 1.5; }
    %s@media (prefers-color-scheme: dark) {
    %s}
    </style>
    <rect class="back" width="%d" height="%d"/>
    %s</svg>
    """
        .formatted(
            WIDTH,
            height,
            WIDTH,
            height,
            colours("#ffffff", "#1f2328", "#d8dee4", LIGHT),
            colours("#0d1117", "#e6edf3", "#30363d", DARK),
            WIDTH,
            height,
            body);
  }

  private static String colours(String back, String ink, String grid, List<String> hues) {
    StringBuilder rules = new StringBuilder();
    rules.append(".back { fill: %s; }\ntext { fill: %s; }\n".formatted(back, ink));
    rules.append(".grid { stroke: %s; }\n.whisker { stroke: %s; }\n".formatted(grid, ink));
    for (int i = 0; i < hues.size(); i++) {
      String hue = hues.get(i);
      rules.append(".fill%d { fill: %s; } .stroke%d { stroke: %s; }\n".formatted(i, hue, i, hue));
    }
    return rules.toString();
  }
}
