#!/bin/sh
# Makes the password file from the environment, then becomes the broker.
set -eu
: "${HEARTH_BROKER_PASSWORD:?set HEARTH_BROKER_PASSWORD, for example in the file .env}"
dir=${SECRET_DIR:-/mosquitto/secret}
umask 077
mkdir -p "$dir"
rm -f "$dir/passwords"
mosquitto_passwd -c -b "$dir/passwords" "${HEARTH_BROKER_USERNAME:-hearth}" "$HEARTH_BROKER_PASSWORD"
if [ "$(id -u)" = 0 ] && id mosquitto >/dev/null 2>&1; then
  chown -R mosquitto "$dir"
fi
exec mosquitto -c "${1:-/mosquitto/config/mosquitto.conf}"
