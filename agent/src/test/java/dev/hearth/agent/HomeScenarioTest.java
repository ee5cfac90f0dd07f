package dev.hearth.agent;

import org.springframework.test.context.TestPropertySource;

/** On the embedded broker. */
@TestPropertySource(properties = "hearth.mqtt.port=0")
class HomeScenarioTest extends HomeScenario {}
