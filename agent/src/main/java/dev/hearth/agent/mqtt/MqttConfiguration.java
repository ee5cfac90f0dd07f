package dev.hearth.agent.mqtt;

import dev.hearth.agent.conversation.Assistant;
import dev.hearth.agent.home.AnnounceSettings;
import dev.hearth.agent.web.UtteranceRules;
import dev.hearth.devices.gateway.DeviceGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the way in where it is wanted. */
@Configuration(proxyBeanMethods = false)
class MqttConfiguration {
  /** Null, for Spring no bean, unless it is wanted. */
  @Bean(destroyMethod = "close")
  @Nullable MqttDevice mqttDevice(
      AnnounceSettings settings, DeviceGateway gateway, Assistant assistant, UtteranceRules rules) {
    return settings.announce()
        ? MqttDevice.start(settings, gateway.connection(), assistant, rules)
        : null;
  }
}
