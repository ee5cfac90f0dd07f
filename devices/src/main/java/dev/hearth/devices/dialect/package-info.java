/** What every payload convention offers: codecs between messages and the language of the home. */
@NullMarked
package dev.hearth.devices.dialect;

import org.jspecify.annotations.NullMarked;
