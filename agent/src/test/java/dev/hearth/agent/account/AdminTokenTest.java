package dev.hearth.agent.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.agent.start.DataDirectory;
import dev.hearth.agent.start.HearthSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class AdminTokenTest {
  @TempDir private Path data;
  private DataDirectory directory;
  private final DriverManagerDataSource database =
      new DriverManagerDataSource(
          "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DB_CLOSE_DELAY=-1", "sa", "");
  private final AdminTokens tokens = new AdminTokens(JdbcClient.create(database));

  @BeforeEach
  void open() {
    directory = new DataDirectory(new HearthSettings(data));
    Flyway.configure().dataSource(database).load().migrate();
  }

  @AfterEach
  void close() throws IOException {
    directory.close();
  }

  @Test
  void generatesTokenShowsItOnceAndKeepsItForItsOwnerOnly() throws IOException {
    AdminToken first = start(null, false);
    String token = Files.readString(file()).strip();

    assertThat(token).matches("hearth_[0-9a-f]{64}");
    assertThat(first.matches(token)).isTrue();
    assertThat(first.matches(token + "0")).isFalse();
    assertThat(first.matches("")).isFalse();
    assertThat(String.join("\n", first.lines())).contains(token, "shown this once");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(tokens.find().orElseThrow().hash()).isNotEqualTo(token).hasSize(64);

    AdminToken second = start(null, false);
    assertThat(second.matches(token)).isTrue();
    assertThat(String.join("\n", second.lines())).doesNotContain(token);
  }

  @Test
  void keepsTokenWhoseFileItsOwnerDeleted() throws IOException {
    start(null, false);
    String token = Files.readString(file()).strip();
    Files.delete(file());

    AdminToken again = start(null, false);

    assertThat(again.matches(token)).isTrue();
    assertThat(file()).doesNotExist();
    assertThat(String.join("\n", again.lines())).contains("--new-token");
  }

  @Test
  void replacesTokenWhenAskedTo() throws IOException {
    start(null, false);
    String old = Files.readString(file()).strip();

    AdminToken renewed = start(null, true);

    assertThat(renewed.matches(old)).isFalse();
    assertThat(renewed.matches(Files.readString(file()).strip())).isTrue();
  }

  @Test
  void takesFixedTokenWithoutWritingOrShowingIt() throws IOException {
    start(null, false);
    String generated = Files.readString(file()).strip();

    AdminToken fixed = start("fixed-0123456789abcdef", false);

    assertThat(fixed.matches("fixed-0123456789abcdef")).isTrue();
    assertThat(fixed.matches(generated)).isFalse();
    assertThat(file()).doesNotExist();
    assertThat(String.join("\n", fixed.lines())).doesNotContain("0123456789");
    assertThat(new AccountSettings("fixed-0123456789abcdef", false).toString())
        .doesNotContain("0123456789");
  }

  @Test
  void generatesNewTokenOnceFixedOneIsGone() throws IOException {
    start("fixed-0123456789abcdef", false);

    AdminToken next = start("", false);

    assertThat(next.matches("fixed-0123456789abcdef")).isFalse();
    assertThat(next.matches(Files.readString(file()).strip())).isTrue();
  }

  @Test
  void refusesFixedTokenThatCanBeGuessed() {
    assertThatThrownBy(() -> start("short", false))
        .hasMessageContaining("HEARTH_TOKEN has 5 characters")
        .hasMessageContaining("at least 16");
    assertThatThrownBy(() -> start("with spaces inside it", false))
        .hasMessageContaining("visible ASCII");
  }

  private AdminToken start(@Nullable String fixed, boolean renew) {
    return new AdminToken(directory, new AccountSettings(fixed, renew), tokens);
  }

  private Path file() {
    return data.resolve("admin-token");
  }
}
