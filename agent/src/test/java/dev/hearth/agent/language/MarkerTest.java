package dev.hearth.agent.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkerTest {
  private static final Marker MARKER =
      new Marker(
          NameIndex.of(
              List.of(
                  area("kitchen", "Kitchen", "厨房"),
                  area("living_room", "Living room", "客厅"),
                  area("hall", "Hall", "走廊"),
                  floor("ground", "Ground floor", "downstairs", "一楼", "楼下"),
                  floor("first", "First floor", "upstairs", "二楼", "楼上"),
                  light("light.kitchen_ceiling", "Kitchen ceiling light", "Kitchen", "厨房"),
                  light("light.hall_ceiling", "Hall ceiling light", "Hall", "走廊"),
                  light("light.reading", "Reading lamp", "Living room", "客厅"),
                  light("light.bedroom_2", "Bedroom 2 light", "Bedroom 2", ""),
                  light("light.wall", "Wall light", "Living room", "客厅"),
                  light("light.bed_left", "Left bedside lamp", "Bedroom", "卧室"),
                  light("light.bed_right", "Bedside lamp 2", "Bedroom", "卧室"),
                  light("light.head", "左床头灯", "Bedroom", "卧室"),
                  light("light.just_light", "Light", "Kitchen", "厨房"))));

  private static Named area(String id, String... names) {
    return new Named(Family.AREA, id, "", List.of(names));
  }

  private static Named floor(String id, String... names) {
    return new Named(Family.FLOOR, id, "", List.of(names));
  }

  private static Named light(String id, String name, String area, String alias) {
    return new Named(
        Family.NAME,
        id,
        "light",
        NameVariants.of(name, List.of(), alias.isEmpty() ? List.of(area) : List.of(area, alias)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Turn off the Kitchen lights.|turn off the① lights",
        "turn off the kitchen ceiling light|turn off the⑴light",
        "turn on the ceiling lights in the hall|turn on the⑴light in the①",
        "everything downstairs except the hall|everything⒈ except the①",
        "turn on the reading light|turn on the⑴light",
        "turn on the Livingroom lights|turn on the① lights",
        "turn on the kitchen's lights|turn on the① lights",
        "turn on the light|turn on the light",
        "把客厅的灯调暗一点|把①的灯调暗一点",
        "关掉二楼的灯|关掉⒈的灯",
        "keting de deng|① de deng",
        "set bedside lamps to 10%|set⑴light to 10%",
        "the left bedside lamp|the⑴light",
        "打开床头灯|打开⑴light",
      })
  void putsHandlesInThePlaceOfNames(String utterance, String marked) {
    assertThat(MARKER.mark(utterance).text()).isEqualTo(marked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "turn off the kichen lights|turn off the① lights",
        "turn off the kitchne lights|turn off the① lights",
        "turn on the readnig lamp|turn on the⑴light",
        "把客庭的灯打开|把①的灯打开",
      })
  void findsNamesWithOneSlipOrTheSameSound(String utterance, String marked) {
    assertThat(MARKER.mark(utterance).text()).isEqualTo(marked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "turn on the ball light|turn on the ball light",
        "turn on bedroom 3 light|turn on bedroom 3 light",
        "all lights off|all lights off",
      })
  void leavesOtherWordsAlone(String utterance, String marked) {
    assertThat(MARKER.mark(utterance).text()).isEqualTo(marked);
  }

  @Test
  void oneHandleStandsForAllThingsOfAName() {
    MarkedUtterance marked = MARKER.mark("turn on the ceiling light");

    assertThat(marked.mark("⑴").orElseThrow().things())
        .extracting(Named::id)
        .containsExactly("light.kitchen_ceiling", "light.hall_ceiling");
  }

  @Test
  void theSameNameGetsTheSameHandleTwice() {
    assertThat(MARKER.mark("kitchen on, hall off, kitchen off").text())
        .isEqualTo("① on,② off,① off");
  }

  @Test
  void aPersonCannotForgeAHandle() {
    assertThat(MARKER.mark("turn off ① and ⑴").text()).isEqualTo("turn off 1 and (1)");
  }

  @Test
  void controlCharactersAndNoncharactersVanish() {
    assertThat(MARKER.mark("turn\u0000 on\uFDD0 the\u200B light").text())
        .isEqualTo("turn on the light");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set it to twenty one degrees|set it to 21 degrees",
        "set it to twenty-one point five degrees|set it to 21.5 degrees",
        "fifty percent|50 percent",
        "a hundred percent|100 percent",
        "one of the lamps|one of the lamps",
        "百分之五十|50%",
        "二十一度半|21.5度",
        "调到二十三|调到23",
        "亮度调到一百%|亮度调到100%",
        "开一下灯|开一下灯",
      })
  void writesNumberWordsAsDigits(String utterance, String marked) {
    assertThat(MARKER.mark(utterance).text()).isEqualTo(marked);
  }
}
