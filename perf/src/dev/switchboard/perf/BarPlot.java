package dev.switchboard.perf;

import java.util.List;

/// Medians as bars, side by side in groups, each with a whisker from the least to the most.
///
/// @param x what groups are
/// @param y what is measured, with its unit
record BarPlot(String name, String title, String x, String y, List<Bar> bars) implements Plot {
  /// Share of a group's place that its bars fill.
  private static final double FILLED = 0.8;

  /// One bar; left out when nothing was measured, or too little to divide by.
  record Bar(String group, Series series, Spread spread) {}

  @Override
  public String svg() {
    List<Bar> known = bars.stream().filter(bar -> Double.isFinite(bar.spread().max())).toList();
    List<Series> legend = known.stream().map(Bar::series).distinct().toList();
    List<String> groups = known.stream().map(Bar::group).distinct().toList();
    Scale scale =
        Scale.linear(
            known.stream()
                .map(Bar::spread)
                .mapMultiToDouble(
                    (spread, each) -> {
                      each.accept(spread.min());
                      each.accept(spread.max());
                    }));
    Canvas canvas = new Canvas(title, x, y, legend, true);
    canvas.leftAxis(scale);
    double place = 1.0 / Math.max(1, groups.size());
    for (int i = 0; i < groups.size(); i++) {
      canvas.below((i + 0.5) * place, groups.get(i));
    }
    double width = FILLED * place / Math.max(1, legend.size());
    for (Bar bar : known) {
      double group = (groups.indexOf(bar.group()) + (1 - FILLED) / 2) * place;
      draw(canvas, bar, scale, group + legend.indexOf(bar.series()) * width, width);
    }
    return canvas.svg();
  }

  private static void draw(Canvas canvas, Bar bar, Scale scale, double left, double width) {
    Spread spread = bar.spread();
    String told =
        "%s, %s: median %s, %s to %s"
            .formatted(
                bar.series().label(),
                bar.group(),
                Scale.text(spread.median()),
                Scale.text(spread.min()),
                Scale.text(spread.max()));
    double to = scale.share(spread.median());
    canvas.bar(bar.series(), left + 0.05 * width, 0.9 * width, scale.share(0), to, told);
    if (spread.max() > spread.min()) {
      canvas.whisker(left + width / 2, scale.share(spread.min()), scale.share(spread.max()));
    }
  }
}
