package dev.hearth.inference.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of a range, digit by digit and exactly: every text matched is inside the range, and every
 * number of the range can be written. No leading zeros, no exponent, no {@code -0}; after the first
 * decimal no trailing zeros.
 */
final class Digits {
  private Digits() {}

  /**
   * A rule for numbers.
   *
   * @param min least value
   * @param max greatest value
   * @param decimals most decimals, 0 for integers
   * @return null when the range holds no such number
   */
  static @Nullable Rule range(BigDecimal min, BigDecimal max, int decimals) {
    List<Rule> rules = new ArrayList<>();
    for (int places = 0; places <= decimals; places++) {
      BigInteger low = scaled(min, places, RoundingMode.CEILING);
      BigInteger high = scaled(max, places, RoundingMode.FLOOR);
      if (high.signum() >= 0) {
        magnitudes(low.max(BigInteger.ZERO), high, places, "", rules);
      }
      if (low.signum() < 0) {
        BigInteger nearest = high.min(BigInteger.ONE.negate()).negate();
        magnitudes(nearest, low.negate(), places, "-", rules);
      }
    }
    return rules.isEmpty() ? null : Rule.either(rules);
  }

  private static BigInteger scaled(BigDecimal value, int places, RoundingMode mode) {
    return value.movePointRight(places).setScale(0, mode).toBigInteger();
  }

  /** Adds the numbers low to high, both at least 0, with the point before the last places. */
  private static void magnitudes(
      BigInteger low, BigInteger high, int places, String sign, List<Rule> rules) {
    if (low.compareTo(high) > 0) {
      return;
    }
    int most = Math.max(places + 1, high.toString().length());
    for (int length = places + 1; length <= most; length++) {
      BigInteger least = length == places + 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
      BigInteger greatest = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
      BigInteger from = low.max(least);
      BigInteger to = high.min(greatest);
      if (places > 1) {
        from = from.mod(BigInteger.TEN).signum() == 0 ? from.add(BigInteger.ONE) : from;
        to = to.mod(BigInteger.TEN).signum() == 0 ? to.subtract(BigInteger.ONE) : to;
      }
      if (from.compareTo(to) <= 0) {
        String low0 = padded(from, length);
        String high0 = padded(to, length);
        Rule digits = next -> new Digit(low0, high0, places, 0, true, true, next);
        rules.add(
            sign.isEmpty() ? digits : Rule.sequence(Rule.literal(JsonText.utf8(sign)), digits));
      }
    }
  }

  private static String padded(BigInteger value, int length) {
    String digits = value.toString();
    return "0".repeat(length - digits.length()) + digits;
  }

  /** The digit at a position of numbers of one length. */
  private static final class Digit extends Node.Leaf {
    private final String low;
    private final String high;
    private final int places;
    private final int at;
    private final boolean onLow;
    private final boolean onHigh;
    private final Node next;
    private final @Nullable Node[] after = new Node[10];

    /**
     * Creates the node.
     *
     * @param at position of the digit
     * @param onLow whether the digits before equal those of {@code low}, so this one may not be
     *     less
     * @param onHigh likewise for {@code high}
     */
    Digit(String low, String high, int places, int at, boolean onLow, boolean onHigh, Node next) {
      this.low = low;
      this.high = high;
      this.places = places;
      this.at = at;
      this.onLow = onLow;
      this.onHigh = onHigh;
      this.next = next;
    }

    private int least() {
      int least = onLow ? low.charAt(at) - '0' : 0;
      return places > 1 && at + 1 == low.length() ? Math.max(1, least) : least;
    }

    private int greatest() {
      return onHigh ? high.charAt(at) - '0' : 9;
    }

    @Override
    void addLive(long[] live) {
      for (int digit = least(); digit <= greatest(); digit++) {
        live[0] |= 1L << ('0' + digit);
      }
    }

    @Override
    @Nullable Node step(int b) {
      int digit = b - '0';
      if (digit < least() || digit > greatest()) {
        return null;
      }
      Node made = after[digit];
      if (made == null) {
        made = make(digit);
        after[digit] = made;
      }
      return made;
    }

    private Node make(int digit) {
      if (at + 1 == low.length()) {
        return next;
      }
      Node rest =
          new Digit(
              low,
              high,
              places,
              at + 1,
              onLow && digit == low.charAt(at) - '0',
              onHigh && digit == high.charAt(at) - '0',
              next);
      boolean point = places > 0 && at + 1 == low.length() - places;
      return point ? Node.literal(new byte[] {'.'}, rest) : rest;
    }
  }
}
