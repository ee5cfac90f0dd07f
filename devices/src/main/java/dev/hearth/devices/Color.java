package dev.hearth.devices;

/**
 * A color without its brightness.
 *
 * @param hue in degrees, 0 to 360
 * @param saturation in percent, 0 (white) to 100
 */
public record Color(double hue, double saturation) {
  /** Checks the ranges. */
  public Color {
    if (!(hue >= 0 && hue <= 360) || !(saturation >= 0 && saturation <= 100)) {
      throw new IllegalArgumentException(
          "Color (" + hue + ", " + saturation + ") needs hue 0..360 and saturation 0..100");
    }
  }

  /**
   * The hue and saturation of a color in sRGB; its brightness is lost.
   *
   * @param red 0 to 255
   * @param green 0 to 255
   * @param blue 0 to 255
   * @return the color; black counts as white, for it has no hue
   */
  public static Color ofRgb(double red, double green, double blue) {
    double max = Math.max(red, Math.max(green, blue));
    double min = Math.min(red, Math.min(green, blue));
    double range = max - min;
    if (max <= 0 || range <= 0) {
      return new Color(0, 0);
    }
    double hue;
    if (max == red) {
      hue = (green - blue) / range;
    } else if (max == green) {
      hue = 2 + (blue - red) / range;
    } else {
      hue = 4 + (red - green) / range;
    }
    hue = (hue * 60 + 360) % 360;
    return new Color(hue, Math.clamp(100 * range / max, 0, 100));
  }

  /**
   * The color of a point in the CIE 1931 chromaticity diagram, by the sRGB primaries (IEC
   * 61966-2-1), clipped to what sRGB can show.
   *
   * @param x chromaticity x, 0 to 1
   * @param y chromaticity y, above 0 to 1
   * @return the color
   */
  public static Color ofXy(double x, double y) {
    if (!(y > 0)) {
      return new Color(0, 0);
    }
    double bigX = x / y;
    double bigZ = (1 - x - y) / y;
    double red = 3.2406 * bigX - 1.5372 - 0.4986 * bigZ;
    double green = -0.9689 * bigX + 1.8758 + 0.0415 * bigZ;
    double blue = 0.0557 * bigX - 0.2040 + 1.0570 * bigZ;
    double max = Math.max(red, Math.max(green, blue));
    if (!(max > 0)) {
      return new Color(0, 0);
    }
    return ofRgb(encode(red / max), encode(green / max), encode(blue / max));
  }

  private static double encode(double linear) {
    double value = Math.clamp(linear, 0, 1);
    return 255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * Math.pow(value, 1 / 2.4) - 0.055);
  }

  /**
   * The color at full brightness in sRGB.
   *
   * @return red, green and blue, each 0 to 255
   */
  public int[] rgb() {
    double sector = (hue % 360) / 60;
    double chroma = saturation / 100;
    double second = chroma * (1 - Math.abs(sector % 2 - 1));
    double[] part =
        switch ((int) sector) {
          case 0 -> new double[] {chroma, second, 0};
          case 1 -> new double[] {second, chroma, 0};
          case 2 -> new double[] {0, chroma, second};
          case 3 -> new double[] {0, second, chroma};
          case 4 -> new double[] {second, 0, chroma};
          default -> new double[] {chroma, 0, second};
        };
    int[] rgb = new int[3];
    for (int i = 0; i < 3; i++) {
      rgb[i] = (int) Math.round(255 * (part[i] + 1 - chroma));
    }
    return rgb;
  }

  /**
   * The point of this color in the CIE 1931 chromaticity diagram.
   *
   * @return x and y
   */
  public double[] xy() {
    int[] rgb = rgb();
    double red = decode(rgb[0]);
    double green = decode(rgb[1]);
    double blue = decode(rgb[2]);
    double bigX = 0.4124 * red + 0.3576 * green + 0.1805 * blue;
    double bigY = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    double bigZ = 0.0193 * red + 0.1192 * green + 0.9505 * blue;
    double sum = bigX + bigY + bigZ;
    return new double[] {bigX / sum, bigY / sum};
  }

  private static double decode(int channel) {
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  /**
   * Whether two colors are the same to a device: hue and saturation within 3, or chromaticity
   * within 0.01, the tolerances a device's rounding needs. The hue of a nearly white color does not
   * count.
   *
   * @param other the color reported
   * @return true when they match
   */
  public boolean matches(Color other) {
    double turn = Math.abs(hue - other.hue) % 360;
    double hueError = Math.min(turn, 360 - turn);
    boolean pale = saturation <= 5 && other.saturation <= 5;
    if ((pale || hueError <= 3) && Math.abs(saturation - other.saturation) <= 3) {
      return true;
    }
    double[] mine = xy();
    double[] theirs = other.xy();
    return Math.abs(mine[0] - theirs[0]) <= 0.01 && Math.abs(mine[1] - theirs[1]) <= 0.01;
  }
}
