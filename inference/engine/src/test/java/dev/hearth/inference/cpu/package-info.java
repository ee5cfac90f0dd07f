@NullMarked
package dev.hearth.inference.cpu;

import org.jspecify.annotations.NullMarked;
