package dev.hearth.devices.dialect.homeassistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.devices.Color;
import dev.hearth.devices.dialect.Scales;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Values that go to a device and come back. */
class ScalesTest {
  @Property
  void brightnessSurvivesTheDevicesScale(
      @ForAll @IntRange(min = 1, max = 100) int percent,
      @ForAll @IntRange(min = 100, max = 65_535) int scale) {
    int back = Scales.toPercent(Scales.fromPercent(percent, scale), scale);
    assertThat(Math.abs(back - percent)).isLessThanOrEqualTo(1);
    assertThat(back).isPositive();
  }

  @Property
  void colorTemperatureSurvivesMired(@ForAll @IntRange(min = 2000, max = 6500) int kelvin) {
    ColorTemperatures scale = new ColorTemperatures(false, 2000, 6500);
    double error = Math.abs(1e6 / scale.quantised(kelvin) - 1e6 / kelvin);
    assertThat(error).isLessThanOrEqualTo(0.6);
  }

  @Property
  void colorSurvivesRgbAndXy(
      @ForAll @IntRange(min = 0, max = 359) int hue,
      @ForAll @IntRange(min = 0, max = 100) int saturation) {
    Color color = new Color(hue, saturation);
    int[] rgb = color.rgb();
    assertThat(color.matches(Color.ofRgb(rgb[0], rgb[1], rgb[2]))).isTrue();
    double[] xy = color.xy();
    assertThat(color.matches(Color.ofXy(xy[0], xy[1]))).isTrue();
  }
}
