package dev.hearth.agent.home;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the agent reaches the devices.
 *
 * @param mqtt the brokers
 * @param zigbee2mqtt base topics of the Zigbee2MQTT bridges on the brokers; empty to hear only what
 *     they announce in Home Assistant's way
 * @param tasmota topics below which Tasmota devices announce themselves; empty to hear none of them
 * @param shelly filters of the prefixes of Shelly devices; empty to hear none of them
 * @param homie base topics of Homie devices; empty to hear none of them
 * @param valetudo base topics of Valetudo robots; empty not to hear of their rooms
 * @param home the operator's home file
 * @param patience how many times the usual a device may take to answer, 0.5 to 20
 * @param simulation whether a simulated home runs beside the agent
 */
@ConfigurationProperties("hearth")
record HomeSettings(
    @DefaultValue Mqtt mqtt,
    @DefaultValue("zigbee2mqtt") List<String> zigbee2mqtt,
    @DefaultValue("tasmota/discovery") List<String> tasmota,
    @DefaultValue("+") List<String> shelly,
    @DefaultValue("homie") List<String> homie,
    @DefaultValue("valetudo") List<String> valetudo,
    @DefaultValue Home home,
    @DefaultValue("1") double patience,
    @DefaultValue("true") boolean simulation) {
  /**
   * The operator's home file.
   *
   * @param file where it is; it need not be there; empty for none
   */
  record Home(@DefaultValue("config/home.yaml") String file) {}

  /**
   * The brokers.
   *
   * @param uri such as {@code tcp://host:1883}; empty for the embedded broker
   * @param username empty for none
   * @param password empty for none
   * @param clientId empty for one that is made up at each start
   * @param prefix what stands before all topics, empty for nothing
   * @param tls whom to trust and who to be
   * @param port port of the embedded broker; 0 for a free one
   * @param mostEntities how many entities are taken, of all brokers together
   * @param others further brokers of the same home
   */
  record Mqtt(
      @DefaultValue("") String uri,
      @DefaultValue("") String username,
      @DefaultValue("") String password,
      @DefaultValue("") String clientId,
      @DefaultValue("") String prefix,
      @DefaultValue BrokerSettings.Tls tls,
      @DefaultValue("1883") int port,
      @DefaultValue("25000") int mostEntities,
      @DefaultValue List<BrokerSettings> others) {
    boolean embedded() {
      return uri.isBlank();
    }

    /** The first broker, if it is not the embedded one. */
    BrokerSettings first() {
      return new BrokerSettings(uri, username, password, clientId, prefix, tls);
    }

    @Override
    public String toString() {
      return "Mqtt[" + first() + ", port=" + port + ", others=" + others + "]";
    }
  }
}
