package dev.hearth.inference.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PullSourceTest {

  @Test
  void findsModelsOfTheCatalogueWithLicenceAndAddress() {
    PullSource source = PullSource.of("mimo-7b-rl-q4_k_m", null, null, true);
    assertThat(source.name()).isEqualTo("mimo-7b-rl-q4_k_m");
    assertThat(source.uri()).hasScheme("https").hasHost("huggingface.co");
    assertThat(Catalogue.entries())
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(entry -> entry.licence().equals("MIT") && entry.aboutBytes() > 4_000_000_000L)
        .allSatisfy(entry -> PullSource.of(entry.name(), null, null, true));
    assertThatThrownBy(() -> PullSource.of("mimo-8b", null, null, true))
        .hasMessageContaining("neither an address nor in the catalogue, which has: mimo-7b-rl-q4");
  }

  @ParameterizedTest
  @CsvSource({
    "https://models.example/a/Tiny-Q8_0.gguf, Tiny-Q8_0",
    "https://models.example/a/b.GGUF?download=true, b",
    "https://models.example/plain, plain",
    "http://localhost:8080/c%2B.gguf, c+",
    "http://[::1]/d.gguf, d",
    "http://127.9.9.9/e.gguf, e"
  })
  void namesAModelAfterItsAddress(String url, String name) {
    assertThat(PullSource.of(url, null, null, true).name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://models.example/",
        "https://models.example",
        "https://models.example/..",
        "https://models.example/.gguf",
        "https://models.example/..%2F..%2Fetc%2Fpasswd",
        "https://models.example/a%00.gguf",
        "https://models.example/a%5Cb.gguf",
        "https://models.example/built-in.gguf",
        "https://models.example/hearth-home-0123456789abcdef.gguf",
        "https://models.example/-rf.gguf",
        "https://models.example/%zz.gguf",
        "http://models.example/a.gguf",
        "http://127.0.0.1.models.example/a.gguf",
        "http://10.0.0.1/a.gguf",
        "ftp://models.example/a.gguf",
        "https://user:secret@models.example/a.gguf",
        "https:///a.gguf",
        "://a"
      })
  void refusesAddressesAndNamesThatWillNotDo(String url) {
    assertThatThrownBy(() -> PullSource.of(url, null, null, true))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void refusesWhatIsNoDigest() {
    assertThatThrownBy(() -> PullSource.of("https://a.example/b", null, "abc", true))
        .hasMessageContaining("64 hexadecimal digits");
    assertThat(PullSource.of("https://a.example/b", null, "A".repeat(64), true).sha256())
        .isEqualTo("a".repeat(64));
  }

  @Property(tries = 2000)
  void noNameLeavesTheFolder(@ForAll String last) {
    String name;
    try {
      ModelFolder.requireNewName(last);
      name = last;
    } catch (IllegalArgumentException e) {
      return;
    }
    Path folder = Path.of("/data/models");
    assertThat(folder.resolve(name + ModelFolder.SUFFIX).normalize().getParent()).isEqualTo(folder);
  }
}
