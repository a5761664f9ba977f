package org.merganser.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;

final class FloatTypeTest {
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void theNearestValueIsTheOneThatASearchAmongAllFinds(FloatType type) {
    TreeMap<Double, Integer> all = new TreeMap<>();
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = value(type, bits);
      if (Float.isFinite(value)) {
        all.put((double) value, bits);
      }
    }
    Random random = new Random(Seeds.next());
    Double[] values = all.keySet().toArray(Double[]::new);
    for (int i = 0; i < Seeds.cases(40_000); i++) {
      int at = random.nextInt(values.length - 1);
      double middle = values[at] / 2 + values[at + 1] / 2;
      double number =
          switch (random.nextInt(5)) {
            case 0 -> values[at];
            case 1 -> middle;
            case 2 -> Math.nextUp(middle);
            case 3 -> Math.nextDown(middle);
            default -> values[at] + (values[at + 1] - values[at]) * random.nextDouble();
          };
      assertThat(type.nearest(number)).as("%s", number).isEqualTo(search(all, number));
    }
  }

  private static float value(FloatType type, int bits) {
    return type == FloatType.F16 ? Half.toFloat((short) bits) : Float.intBitsToFloat(bits << 16);
  }

  private static float search(TreeMap<Double, Integer> all, double number) {
    var below = all.floorEntry(number);
    var above = all.ceilingEntry(number);
    BigDecimal exact = new BigDecimal(number);
    int nearer =
        exact
            .subtract(new BigDecimal(below.getKey()))
            .compareTo(new BigDecimal(above.getKey()).subtract(exact));
    boolean takesBelow = nearer < 0 || nearer == 0 && below.getValue() % 2 == 0;
    return (float) (double) (takesBelow ? below : above).getKey();
  }

  @Test
  void aNumberIsRoundedOnceAndNotByWayOfAFloat() {
    double above = 1 + 0x1p-11 + 0x1p-40; // a float would be 1 + 2^-11, half way between two halves
    assertThat(FloatType.F16.nearest(above)).isEqualTo(1 + 0x1p-10f);
    assertThat(FloatType.F16.nearest((float) above)).isEqualTo(1);
    assertThat(FloatType.BF16.nearest(1 + 0x1p-8 + 0x1p-40)).isEqualTo(1 + 0x1p-7f);
    assertThat(FloatType.F32.nearest(1 + 0x1p-24)).isEqualTo(1);
    assertThat(FloatType.F32.nearest(1 + 3 * 0x1p-24)).isEqualTo(1 + 0x1p-22f);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNearestIsWrittenWithoutAnotherLoss(FloatType type) {
    Random random = new Random(Seeds.next());
    float[] row = new float[64];
    for (int i = 0; i < row.length; i++) {
      row[i] = type.nearest(random.nextGaussian() * Math.pow(2, random.nextInt(30) - 20));
    }
    ByteBuffer out = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    type.put(row, row.length, out, "row 0");
    out.flip();
    for (float value : row) {
      assertThat(type == FloatType.F32 ? out.getFloat() : value(type, out.getShort()))
          .isEqualTo(value);
    }
  }

  @Test
  void zeroKeepsItsSignAndWhatIsTooLargeIsInfinite() {
    assertThat(Float.floatToRawIntBits(FloatType.F16.nearest(-0.0))).isEqualTo(0x80000000);
    assertThat(Float.floatToRawIntBits(FloatType.BF16.nearest(-1e-60))).isEqualTo(0x80000000);
    assertThat(FloatType.F16.nearest(65519)).isEqualTo(65504);
    assertThat(FloatType.F16.nearest(-65520)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(FloatType.BF16.nearest(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(FloatType.F32.nearest(1e300)).isEqualTo(Float.POSITIVE_INFINITY);
  }
}
