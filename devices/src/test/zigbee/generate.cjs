// Writes one line for each device that zigbee-herdsman-converters defines: its entry in the list
// bridge/devices, as Zigbee2MQTT makes it of a definition. Usage: node generate.cjs FILE
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const converters = require('zigbee-herdsman-converters');

const target = process.argv[2];
if (!target) {
  console.error('Usage: node generate.cjs FILE');
  process.exit(2);
}

// Which exposes some devices have depends on the device and its options. Zigbee2MQTT asks with the
// real ones; without a device, a definition answers for all that there may be.
function exposes(definition) {
  return typeof definition.exposes === 'function'
    ? definition.exposes({isDummyDevice: true}, {})
    : definition.exposes;
}

function entry(definition, number) {
  const ieee = '0x' + number.toString(16).padStart(16, '0');
  const all = exposes(definition);
  const battery = all.some((each) => each.name === 'battery');
  return {
    ieee_address: ieee,
    type: battery ? 'EndDevice' : 'Router',
    network_address: number % 65536,
    supported: true,
    friendly_name: ieee,
    disabled: false,
    definition: {
      source: 'native',
      model: definition.model,
      vendor: definition.vendor,
      description: definition.description,
      exposes: all,
      supports_ota: !!definition.ota,
      options: definition.options,
      icon: '',
    },
    power_source: battery ? 'Battery' : 'Mains (single phase)',
    interview_completed: true,
    interviewing: false,
    interview_state: 'SUCCESSFUL',
    endpoints: {1: {bindings: [], configured_reportings: [], clusters: {input: [], output: []}, scenes: []}},
  };
}

const folder = path.join(path.dirname(require.resolve('zigbee-herdsman-converters')), 'devices');
const lines = [];
for (const file of fs.readdirSync(folder).sort()) {
  if (file.endsWith('.js')) {
    for (const definition of require(path.join(folder, file)).definitions ?? []) {
      const prepared = converters.prepareDefinition(definition);
      lines.push(JSON.stringify(entry(prepared, lines.length + 1)));
    }
  }
}
fs.writeFileSync(target, lines.join('\n') + '\n');
console.log(`${lines.length} definitions`);
